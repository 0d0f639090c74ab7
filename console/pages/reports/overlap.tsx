// {"title": "Overlap", "menu": "Acquisition", "order": 50, "needs": "reports:read", "bar": ["period", "conversion"], "params": {"by": ["channel", "source", "medium", "campaign"], "sort": [], "find": []}, "words": "assisted together combinations reach"}
/** Which channels work together: conversions by the set of channels on their paths. */

import { BarList } from '../../parts/bar-list';
import { BehaviourEdge, periodOf } from '../../parts/behaviour';
import { SaveView } from '../../parts/save-view';
import { setParams, useAddress } from '../../shared/address';
import { usePost } from '../../shared/asking';
import { dimensionTitle } from '../../shared/catalogue';
import { colourOf } from '../../shared/chart-scale';
import { NO_VALUE, count, percent, valueText } from '../../shared/format';
import { Pick } from '../../shared/pick';
import { Card, Loaded } from '../../shared/pieces';
import { NothingHere, PageHead } from '../../shared/report';
import { DataTable } from '../../shared/table';
import { useView } from '../../shared/view';
import { t } from '../../shared/words';
import type { OverlapIn, OverlapOut } from '../../types';

export default function Overlap() {
  const view = useView();
  const url = useAddress();
  const by = url.searchParams.get('by') || 'channel';
  const body: OverlapIn = { conversion: view.conversion, dimension: by as 'channel', period: periodOf(view) };
  const found = usePost<OverlapOut>(`/v1/sites/${view.site.site_id}/overlap/query`, body);
  const name = dimensionTitle(by).toLowerCase();
  return (
    <>
      <PageHead title="Overlap" about="A conversion often has several channels on its path. Here are the combinations, and who helps without closing.">
        <Pick name="By" value={by} options={['channel', 'source', 'medium', 'campaign'].map((each): [string, string] => [each, dimensionTitle(each)])} onPick={(each) => setParams({ by: each })} />
        <SaveView site={view.site.site_id} kind="OVERLAP" question={body} />
      </PageHead>
      <Loaded of={found} rows={6} tall>{(answer) => (answer.conversions ? (
        <>
          <BehaviourEdge found={answer} />
          <Card title={t('Reach of each {name}', { name })}>
            <DataTable head={dimensionTitle(by)} caption="Reach" file="optiq-overlap" kept first={15}
              columns={[
                { name: 'conversions', title: 'On the path', about: 'Conversions with it anywhere on their path.', text: count },
                { name: 'alone', title: 'Alone', about: 'Conversions with nothing else on their path.', text: count },
                { name: 'assisted', title: 'Assisted', about: 'On the path, but not its last touch.', text: count },
                { name: 'ratio', title: 'Assisted / last', about: 'Above 1: it helps more often than it closes.', text: (value) => (value == null ? '–' : value.toFixed(2)) },
              ]}
              lines={answer.reach.map((one) => ({
                key: one.value, plain: one.value || NO_VALUE, name: valueText(one.value), colour: colourOf(one.value),
                values: [one.conversions, one.alone, one.assisted, one.last ? one.assisted / one.last : null],
              }))} />
          </Card>
          <div class="columns">
            <Card title="Combinations">
              <BarList head="Combination" summary={t('The most frequent combination is {first}, with {count} of {all} conversions.', {
                first: (answer.sets[0]?.values ?? []).map(valueText).join(' + '), count: count(answer.sets[0]?.conversions ?? 0), all: count(answer.conversions),
              })} bars={answer.sets.slice(0, 12).map((set) => ({ name: set.values.map(valueText).join(' + '), value: set.conversions, text: count(set.conversions), colour: colourOf(set.values[0] ?? '') }))} />
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
      ) : <Card><NothingHere view={view} what="conversions" /></Card>)}</Loaded>
    </>
  );
}
