// {"title": "Overlap", "menu": "Acquisition", "order": 50, "needs": "reports:read", "bar": ["period", "filters", "conversion"], "params": {"by": ["channel", "source", "medium", "campaign"], "sort": [], "find": []}, "words": "assisted together combinations reach"}
/** Which channels work together: conversions by the set of channels on their paths. */

import { BehaviourEdge, Notes } from '../../parts/behaviour';
import { Combinations, Reach } from '../../parts/reach';
import { SaveView } from '../../parts/save-view';
import { setParams, useAddress } from '../../shared/address';
import { usePost } from '../../shared/asking';
import { dimensionTitle } from '../../shared/catalogue';
import { knows, sent } from '../../shared/filters';
import { count, percent, valueText } from '../../shared/format';
import { Pick } from '../../shared/pick';
import { Card, Loaded } from '../../shared/pieces';
import { filtersOf, segmentsOf } from '../../shared/question';
import { CannotFilter, NothingHere, PageHead } from '../../shared/report';
import { DataTable } from '../../shared/table';
import { periodOf, useView } from '../../shared/view';
import { t } from '../../shared/words';
import type { OverlapIn, OverlapOut } from '../../types';

export default function Overlap() {
  const view = useView();
  const url = useAddress();
  const by = url.searchParams.get('by') || 'channel';
  const body: OverlapIn = { conversion: view.conversion, filters: sent(view.filters), segments: segmentsOf(view), dimension: by as 'channel', period: periodOf(view) };
  const known = knows('ledger', filtersOf(view));
  const found = usePost<OverlapOut>(`/v1/sites/${view.site.site_id}/overlap/query`, known ? body : null, by);
  const name = dimensionTitle(by).toLowerCase();
  return (
    <>
      <PageHead title="Overlap" about="A conversion often has several channels on its path. Here are the combinations, and who helps without closing.">
        <Pick name="By" value={by} options={['channel', 'source', 'medium', 'campaign'].map((each): [string, string] => [each, dimensionTitle(each)])} onPick={(each) => setParams({ by: each })} />
        <SaveView site={view.site.site_id} kind="OVERLAP" question={body} />
      </PageHead>
      {known ? <Loaded of={found} rows={6} tall>{(answer) => (answer.conversions ? (
        <>
          <BehaviourEdge found={answer} />
          <Card title={t('Reach of each {name}', { name })}>
            <Reach answer={answer} by={by} kept />
          </Card>
          <div class="columns">
            <Card title="Combinations">
              <Combinations answer={answer} />
            </Card>
            <Card title="Pairs">
              <DataTable head="Pair" caption="Pairs" first={15} columns={[
                { name: 'conversions', title: 'Together', text: count },
                { name: 'first', title: 'Of the first', about: 'The share of the first one’s conversions that the second is on too.', text: percent },
                { name: 'second', title: 'Of the second', text: percent },
              ]} lines={answer.pairs.map((one) => {
                const pair = one.values.map(valueText).join(' + ');
                return { key: pair, plain: pair, name: pair, values: [one.conversions, one.share_of_first, one.share_of_second] };
              })} />
            </Card>
          </div>
        </>
      ) : <Card><Notes found={answer} /><NothingHere view={view} what="conversions" /></Card>)}</Loaded> : <Card><CannotFilter view={view} source="ledger" /></Card>}
    </>
  );
}
