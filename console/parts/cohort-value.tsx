/** What cohorts of customers are worth, month by month since their first conversion, beside what it cost to win them. */

import { dimensionTitle } from '../shared/catalogue';
import { csvOf, save } from '../shared/csv';
import { dayText } from '../shared/days';
import { NO_VALUE, axisText, count, money, valueText } from '../shared/format';
import { LineChart } from '../shared/line-chart';
import { Term } from '../shared/pieces';
import { plural, t } from '../shared/words';
import type { CohortsOut, ValueCohortOut } from '../types';

type Shown = 'PERSON' | 'ALL';

const nameOf = (by: CohortsOut['by'], key: string): string => (by === 'MONTH' ? dayText(key, 'month') : valueText(key));
const headOf = (by: CohortsOut['by']): string => (by === 'MONTH' ? 'Won in' : dimensionTitle('channel'));
const monthOf = (at: number): string => (at ? t('+{n} mo.', { n: at }) : 'Month 0');

/** When the revenue of a cohort reached what it cost. */
function paybackText({ paid_back_after: after, spend_micros: spend, people }: ValueCohortOut): string {
  if (!spend || !people) return '–';
  if (after == null) return 'not yet';
  return after === 0 ? 'at once' : plural(after, { one: '{n} month', other: '{n} months' });
}

interface TableProps { answer: CohortsOut; shown?: Shown; file?: string }

export function ValueTable({ answer, shown = 'PERSON', file }: TableProps) {
  const { cohorts, by, currency, average } = answer;
  const months = Array.from({ length: Math.max(...cohorts.map(({ cells }) => cells.length), 1) }, (_, at) => at);
  const valueOf = (cell: ValueCohortOut['cells'][number]) => (shown === 'PERSON' ? cell.per_person_micros : cell.revenue_micros);
  const most = Math.max(...cohorts.flatMap(({ cells }) => cells.map(valueOf)), 1);
  const toFile = () => save(`${file}.csv`, csvOf(headOf(by), [
    { name: 'people', title: 'Customers' }, { name: 'spend', title: 'Spend', micros: true }, { name: 'cac', title: 'Cost per customer', micros: true },
    ...months.map((at) => ({ name: String(at), title: monthOf(at), micros: true })),
  ], cohorts.map((one) => ({
    plain: one.key || NO_VALUE, values: [one.people, one.spend_micros, one.acquisition_cost_micros, ...months.map((at) => (one.cells[at] ? valueOf(one.cells[at]) : null))],
  }))));
  return (
    <>
      {file && <div class="data-tools"><button type="button" class="button second short" onClick={toFile}>Save as CSV</button></div>}
      <div class="scroll" tabIndex={0} role="group" aria-label="Cohorts">
        <table class="heat">
          <caption class="quiet">{shown === 'PERSON' ? 'Revenue a customer since the first conversion, added up' : 'Revenue since the first conversion, added up'}</caption>
          <thead><tr><th scope="col">{headOf(by)}</th><th scope="col" class="number">Customers</th>
            <th scope="col" class="number">Cost each<Term about="Spend of that month, or of the channel, divided by the customers it won.">{null}</Term></th>
            <th scope="col" class="number">Paid back<Term about="How long until their revenue reached the spend.">{null}</Term></th>
            {months.map((at) => <th key={at} scope="col" class="number">{monthOf(at)}</th>)}</tr></thead>
          <tbody>{cohorts.map((one) => (
            <tr key={one.key}><th scope="row">{nameOf(by, one.key)}</th><td class="number">{count(one.people)}</td>
              <td class="number">{money(one.acquisition_cost_micros, currency)}</td><td class="number">{paybackText(one)}</td>
              {months.map((at) => {
                const cell = one.cells[at];
                if (!cell) return <td key={at} />;
                const paid = one.spend_micros > 0 && one.paid_back_after === at;
                return (
                  <td key={at} class={`number ${cell.complete ? '' : 'open'} ${paid ? 'paid' : ''}`} style={{ '--heat': ((valueOf(cell) / most) * 0.4).toFixed(3) }}>
                    <span>{money(valueOf(cell), currency, shown === 'ALL')}{!cell.complete && <span class="quiet"> so far</span>}{paid && <span class="quiet">, paid back</span>}</span></td>
                );
              })}</tr>
          ))}</tbody>
          {shown === 'PERSON' && <tfoot><tr><th scope="row">Average</th><td /><td /><td />{months.map((at) => <td key={at} class="number">{money(average[at] ?? null, currency)}</td>)}</tr></tfoot>}
        </table>
      </div>
    </>
  );
}

const FEW = 0.1;

/** What a customer is worth on average, over the months that at least a tenth of the customers have behind them. */
export function ValueCurve({ answer: { average, cohorts, currency } }: { answer: CohortsOut }) {
  const behind = average.map((_, at) => cohorts.reduce((sum, { people, cells }) => sum + (cells[at]?.complete ? people : 0), 0));
  const values = average.filter((value, at) => value != null && (behind[at] ?? 0) >= FEW * (behind[0] ?? 0));
  if (values.length < 2) return <p class="nothing">A curve needs customers of two whole months.</p>;
  return (
    <LineChart labels={values.map((_, at) => monthOf(at))} longLabels={values.map((_, at) => monthOf(at))} height={200}
      series={[{ name: 'Revenue a customer', values, text: (value) => money(value, currency), axisText: (value) => axisText('revenue', value, currency) }]}
      summary={t('On average a customer is worth {first} in the first month and {last} after {months}.', {
        first: money(values[0] ?? null, currency), last: money(values.at(-1) ?? null, currency), months: plural(values.length - 1, { one: '{n} month', other: '{n} months' }),
      })} />
  );
}
