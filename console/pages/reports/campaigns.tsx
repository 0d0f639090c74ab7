// {"title": "Campaigns", "menu": "Acquisition", "order": 20, "needs": "reports:read", "bar": ["period", "compare", "filters", "conversion", "model", "basis"], "params": {"row": [], "columns": []}, "words": "ads spend ROAS CPA cost"}
/** What each campaign costs and earns. */

import { Breakdown, openRow, rowOf } from '../../parts/breakdown';
import { RowPanel } from '../../parts/row-panel';
import { TopSeries } from '../../shared/series';
import { useAddress } from '../../shared/address';
import { Card } from '../../shared/pieces';
import { split } from '../../shared/question';
import { PageHead } from '../../shared/report';
import { useView } from '../../shared/view';

export default function Campaigns() {
  const view = useView();
  const url = useAddress();
  const row = rowOf(url.searchParams.get('row') ?? '');
  const metric = split(view, ['revenue', 'visits'], ['campaign']).shown[0];
  return (
    <>
      <PageHead title="Campaigns" about="Cost beside revenue. A row opens to its ads and landing pages." />
      {metric && <Card title={metric === 'revenue' ? 'Revenue over time' : 'Visits over time'}><TopSeries view={view} metric={metric} dimension="campaign" filters={[{ dimension: 'campaign', operator: 'is_set', values: [] }]} /></Card>}
      <Breakdown view={view} levels={['campaign', 'ad', 'landing_page']} onOpen={openRow} file="optiq-campaigns" />
      {row && <RowPanel key={row.join('~')} view={view} dimension={row[0]} value={row[1]} />}
    </>
  );
}
