// {"title": "Channels", "menu": "Acquisition", "order": 10, "needs": "reports:read", "was": ["report"], "bar": ["period", "compare", "filters", "conversion", "model", "basis"], "params": {"by": ["channel", "source", "medium", "campaign", "ad", "landing_page", "term", "referrer_domain", "country", "device", "browser", "os"], "row": [], "columns": [], "metric": [], "sort": [], "find": [], "open": []}, "words": "sources medium referrers landing pages countries devices attribution revenue by"}
/** Where visits and revenue come from, by any dimension, opened down to the landing page. */

import { Breakdown, openRow, rowOf } from '../../parts/breakdown';
import { RowPanel } from '../../parts/row-panel';
import { TopSeries } from '../../shared/series';
import { setParams, useAddress } from '../../shared/address';
import { dimensionTitle } from '../../shared/catalogue';
import { MODELS } from '../../shared/models';
import { Card } from '../../shared/pieces';
import { split } from '../../shared/question';
import { PageHead } from '../../shared/report';
import { useView } from '../../shared/view';
import { t } from '../../shared/words';

const FIRST = ['channel', 'source', 'medium', 'campaign', 'ad', 'landing_page', 'term', 'referrer_domain', 'country', 'device', 'browser', 'os'];
const BELOW = ['channel', 'source', 'campaign', 'ad', 'landing_page'];

export default function Channels() {
  const view = useView();
  const url = useAddress();
  const by = url.searchParams.get('by') || 'channel';
  const levels = [by, ...BELOW.slice(BELOW.indexOf(by) + 1).filter((name) => name !== by)];
  const row = rowOf(url.searchParams.get('row') ?? '');
  const metric = split(view, ['revenue', 'visits'], [by]).shown[0];
  return (
    <>
      <PageHead title="What earned your revenue" about={view.model ? t('{model}: {about}', { model: MODELS[view.model][0], about: MODELS[view.model][1] }) : undefined} />
      <div class="tabs" role="group" aria-label="By">{FIRST.map((name) => (
        <button key={name} type="button" aria-current={name === by ? 'true' : undefined} onClick={() => setParams({ by: name === 'channel' ? null : name, row: null, open: null, sort: null, find: null })}>{dimensionTitle(name)}</button>
      ))}</div>
      {metric && <Card title={t('{metric} over time', { metric: metric === 'revenue' ? 'Revenue' : 'Visits' })}><TopSeries key={by} view={view} metric={metric} dimension={by} /></Card>}
      <Breakdown view={view} levels={levels} onOpen={openRow} file={`optiq-${by}`} />
      {row && <RowPanel key={row.join('~')} view={view} dimension={row[0]} value={row[1]} />}
    </>
  );
}
