/** Which values are on the paths to conversions: each alone and with others, and their combinations. */

import { dimensionTitle } from '../shared/catalogue';
import { NO_VALUE, count, valueText } from '../shared/format';
import { DataTable } from '../shared/table';
import { t } from '../shared/words';
import type { OverlapOut } from '../types';
import { BarList } from './bar-list';

export const Reach = ({ answer, by, kept = false }: { answer: OverlapOut; by: string; kept?: boolean }) => (
  <DataTable head={dimensionTitle(by)} caption="Reach" file="optiq-overlap" kept={kept} first={15}
    columns={[
      { name: 'conversions', title: 'On the path', about: 'Conversions with it anywhere on their path.', text: count },
      { name: 'alone', title: 'Alone', about: 'Conversions with nothing else on their path.', text: count },
      { name: 'assisted', title: 'Assisted', about: 'On the path, but not its last touch.', text: count },
      { name: 'ratio', title: 'Assisted / last', about: 'Above 1: it helps more often than it closes.', text: (value) => (value == null ? '–' : value.toFixed(2)) },
    ]}
    lines={answer.reach.map((one) => ({
      key: one.value, plain: one.value || NO_VALUE, name: valueText(one.value),
      values: [one.conversions, one.alone, one.assisted, one.last ? one.assisted / one.last : null],
    }))} />
);

export const Combinations = ({ answer }: { answer: OverlapOut }) => (
  <BarList head="Combination" summary={t('The most frequent combination is {first}, with {count} of {all} conversions.', {
    first: (answer.sets[0]?.values ?? []).map(valueText).join(' + '), count: count(answer.sets[0]?.conversions ?? 0), all: count(answer.conversions),
  })} bars={answer.sets.slice(0, 12).map((set) => ({ name: set.values.map(valueText).join(' + '), value: set.conversions, text: count(set.conversions) }))} />
);
