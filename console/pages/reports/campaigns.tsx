// {"title": "Campaigns", "menu": "Acquisition", "order": 20, "needs": "reports:read", "bar": ["period", "compare", "filters", "conversion", "model", "basis"], "params": {"as": ["platform"], "row": [], "columns": [], "sort": [], "find": [], "open": []}, "words": "ads spend ROAS CPA cost"}
/** What each campaign costs and earns. */

import { Breakdown, openRow, rowOf } from '../../parts/breakdown';
import { RowPanel } from '../../parts/row-panel';
import { TopSeries } from '../../shared/series';
import { hrefOf, setParams, useAddress } from '../../shared/address';
import { metricText, valueText, valueTitle } from '../../shared/format';
import { Pick } from '../../shared/pick';
import { Badge, Card, Loaded } from '../../shared/pieces';
import { split, useQuestion, valueOf } from '../../shared/question';
import { PageHead } from '../../shared/report';
import { DataTable, linesOf, metricColumns } from '../../shared/table';
import { useView, type View } from '../../shared/view';
import { t } from '../../shared/words';

const MOST = 500;
/** Beside our own ROAS, never in it, what the platform claims. */
const COLUMNS = ['revenue', 'conversions', 'visits', 'spend', 'roas', 'claimed_roas', 'cpa', 'claimed_cpa'];
const BESIDE = ['spend', 'revenue', 'claimed_revenue', 'roas', 'claimed_roas', 'conversions', 'claimed_conversions'];
/** What was sent by hand has no account, and no visit is credited to it. */
const BY_HAND = 'MANUAL';
const LINKS = ['campaign', 'ad', 'landing_page'];
const PLATFORMS = ['platform_campaign', 'platform_group', 'platform_ad'];

export default function Campaigns() {
  const view = useView();
  const url = useAddress();
  const row = rowOf(url.searchParams.get('row') ?? '');
  const as = url.searchParams.get('as') ?? '';
  const metric = split(view, ['revenue', 'visits'], ['campaign']).shown[0];
  return (
    <>
      <PageHead title="Campaigns" about="Cost beside revenue, and beside what platforms claim. Open a campaign to see why the two differ.">
        <Pick name="Campaigns" value={as} options={[['', 'as links name them'], ['platform', 'as platforms have them']]} onPick={(name) => setParams({ as: name || null, open: null })} />
      </PageHead>
      <Losing view={view} />
      {metric && <Card title={metric === 'revenue' ? 'Revenue over time' : 'Visits over time'}><TopSeries view={view} metric={metric} dimension="campaign" filters={[[{ dimension: 'campaign', operator: 'is_set', values: [] }]]} /></Card>}
      <Breakdown key={as} view={view} levels={as ? PLATFORMS : LINKS} onOpen={openRow} file="optiq-campaigns" columns={COLUMNS} />
      <Platforms view={view} />
      {row && <RowPanel key={row.join('~')} view={view} dimension={row[0]} value={row[1]} />}
    </>
  );
}

/** What each advertising account cost and earned, beside what its platform claims. */
function Platforms({ view }: { view: View }) {
  const dimensions = ['platform', 'account'];
  const { shown } = split(view, BESIDE, dimensions);
  const isKnown = shown.includes('spend');
  const question = useQuestion(view, { metrics: isKnown ? shown : [], dimensions, limit: MOST, compare: 'NONE' });
  if (!isKnown) return null;
  return (
    <Card title="By advertising account" about={<>What Optiq credits beside what each platform claims. Platforms claim the same sale more than once, so claims are never added: <a href={hrefOf('claims')}>why they differ</a>.</>}>
      <Loaded of={question} rows={2}>{(answer) => {
        const paid = { ...answer, rows: answer.rows.filter((row) => row.keys[0] !== BY_HAND && (valueOf(answer, row, 'spend') || valueOf(answer, row, 'claimed_revenue'))) };
        return paid.rows.length
          ? <DataTable head="Account" caption="Costs, credits and claims by advertising account" columns={metricColumns(shown, answer.currency)} file="optiq-accounts"
              lines={linesOf(paid, ({ keys: [platform = '', account = ''] }) => accountLine(platform, account, answer.labels.account?.[account] ?? account))} />
          : <p class="soft">No connected account has costs in these days. <a href={hrefOf('ad-connections')}>Connect a platform</a>, or <a href={hrefOf('import-costs')}>import a table</a>.</p>;
      }}</Loaded>
    </Card>
  );
}

function accountLine(platform: string, account: string, name: string) {
  const title = valueTitle('platform', platform);
  const plain = `${title}: ${name}`;
  return { key: `${platform} ${account}`, plain, name: valueText(plain) };
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
        const judged = paid.filter((row) => valueOf(answer, row, 'roas') != null);
        const losing = judged.filter((row) => (valueOf(answer, row, 'roas') ?? 0) < 1);
        if (!paid.length) return <p class="soft">No spend is known in these days. It comes from ad platforms, or is sent by hand.</p>;
        if (!judged.length) return <p class="soft">Not known yet: the platforms’ numbers of these days are not complete. Choose more days.</p>;
        if (!losing.length) return <p>None: each campaign with spend earned more than it cost.</p>;
        return (
          <>
            <ul class="lines">{losing.map((row) => {
              const [name = ''] = row.keys;
              const text = (metric: string) => metricText(metric, valueOf(answer, row, metric), answer.currency);
              return (
                <li key={name}><div class="what"><button type="button" class="row-link" onClick={() => openRow('campaign', name)}>{valueText(answer.labels.campaign?.[name] ?? name)}</button>
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
