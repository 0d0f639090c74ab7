// {"title": "Campaigns", "menu": "Acquisition", "order": 20, "needs": "reports:read", "bar": ["period", "compare", "filters", "conversion", "model", "basis"], "params": {"row": [], "columns": [], "sort": [], "find": [], "open": []}, "words": "ads spend ROAS CPA cost"}
/** What each campaign costs and earns. */

import { Breakdown, openRow, rowOf } from '../../parts/breakdown';
import { RowPanel } from '../../parts/row-panel';
import { TopSeries } from '../../shared/series';
import { hrefOf, useAddress } from '../../shared/address';
import { metricText, valueText } from '../../shared/format';
import { Badge, Card, Loaded } from '../../shared/pieces';
import { split, useQuestion, valueOf } from '../../shared/question';
import { PageHead } from '../../shared/report';
import { useView, type View } from '../../shared/view';
import { t } from '../../shared/words';

const MOST = 500;

export default function Campaigns() {
  const view = useView();
  const url = useAddress();
  const row = rowOf(url.searchParams.get('row') ?? '');
  const metric = split(view, ['revenue', 'visits'], ['campaign']).shown[0];
  return (
    <>
      <PageHead title="Campaigns" about="Cost beside revenue. A row opens to its ads and landing pages." />
      <Losing view={view} />
      {metric && <Card title={metric === 'revenue' ? 'Revenue over time' : 'Visits over time'}><TopSeries view={view} metric={metric} dimension="campaign" filters={[[{ dimension: 'campaign', operator: 'is_set', values: [] }]]} /></Card>}
      <Breakdown view={view} levels={['campaign', 'ad', 'landing_page']} onOpen={openRow} file="optiq-campaigns" />
      {row && <RowPanel key={row.join('~')} view={view} dimension={row[0]} value={row[1]} />}
    </>
  );
}

/** Which campaigns cost more than they earned: the first to look at before stopping any. */
function Losing({ view }: { view: View }) {
  const metrics = ['spend', 'revenue', 'roas'];
  const known = split(view, metrics, ['campaign']).left.length === 0;
  const question = useQuestion(view, { metrics: known ? metrics : [], dimensions: ['campaign'], limit: MOST, compare: 'NONE' });
  if (!known) return null;
  return (
    <Card title="Cost more than they earned">
      <Loaded of={question} rows={2}>{(answer) => {
        const paid = answer.rows.filter((row) => (valueOf(answer, row, 'spend') ?? 0) > 0);
        const losing = paid.filter((row) => (valueOf(answer, row, 'roas') ?? 0) < 1);
        if (!paid.length) return <p class="soft">No spend is known in these days. It comes from ad platforms, or is sent by hand.</p>;
        if (!losing.length) return <p>None: each campaign with spend earned more than it cost.</p>;
        return (
          <>
            <ul class="lines">{losing.map((row) => {
              const [name = ''] = row.keys;
              const text = (metric: string) => metricText(metric, valueOf(answer, row, metric), answer.currency);
              return (
                <li key={name}><div class="what"><button type="button" class="row-link" onClick={() => openRow('campaign', name)}>{valueText(name)}</button>
                  <small>{t('{spend} spent, {revenue} earned', { spend: text('spend'), revenue: text('revenue') })}</small></div><Badge look="bad">{text('roas')}</Badge></li>
              );
            })}</ul>
            <p class="soft small">Under this model, in these days. Before you stop one, look at <a href={hrefOf('compare-models', { by: 'campaign' })}>what other models give it</a> and at <a href={hrefOf('time-to-convert')}>how long customers take</a>.</p>
          </>
        );
      }}</Loaded>
    </Card>
  );
}
