/** Who comes back, as a curve of the average and as a table of cohorts; cells that have not ended are hatched. */

import { dayText } from '../shared/days';
import { count, percent } from '../shared/format';
import { LineChart } from '../shared/line-chart';
import { t } from '../shared/words';
import type { RetentionOut } from '../types';

const UNITS: Record<string, string> = { day: 'Day', week: 'Week', month: 'Month' };

export function Curve({ answer, interval }: { answer: RetentionOut; interval: string }) {
  const values = answer.average.filter((value) => value != null);
  if (values.length < 3) return null;
  const unit = interval.toLowerCase();
  return (
    <LineChart labels={values.map((_, at) => String(at))} longLabels={values.map((_, at) => t('{unit} {number}', { unit, number: at }))} height={180}
      series={[{ name: 'Average', values, text: percent, axisText: (value) => percent(value, 0) }]}
      summary={t('On average {share} come back in the {unit} after the first.', { share: percent(values[1] ?? null), unit })} />
  );
}

export function Cohorts({ answer, interval }: { answer: RetentionOut; interval: string }) {
  const unit = interval.toLowerCase();
  const length = Math.max(...answer.cohorts.map(({ cells }) => cells.length));
  const columns = Array.from({ length }, (_, at) => at);
  // The first column is everybody; the others share a scale of their own, so that they can be told apart.
  const most = Math.max(...answer.cohorts.flatMap(({ cells }) => cells.slice(1).map(({ share }) => share ?? 0)), 0.01);
  const heat = (at: number, share: number) => (at ? (share / most) * 0.45 : 0.08).toFixed(3);
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label="Cohorts">
      <table class="heat">
        <caption class="quiet">Share of each cohort that came back</caption>
        <thead><tr><th scope="col">First in the {unit} of</th><th scope="col" class="number">People</th>{columns.map((at) => <th key={at} scope="col" class="number">{t('{unit} {number}', { unit: UNITS[unit] ?? unit, number: at })}</th>)}</tr></thead>
        <tbody>{answer.cohorts.map((cohort) => (
          <tr key={cohort.bucket}><th scope="row">{dayText(cohort.bucket, unit)}</th><td class="number">{count(cohort.people)}</td>
            {columns.map((at) => {
              const cell = cohort.cells[at];
              if (!cell) return <td key={at} />;
              return <td key={at} class={`number ${cell.complete ? '' : 'open'}`} title={count(cell.people)} style={{ '--heat': heat(at, cell.share ?? 0) }}><span>{percent(cell.share, 0)}{!cell.complete && <span class="quiet"> so far</span>}</span></td>;
            })}</tr>
        ))}</tbody>
        <tfoot><tr><th scope="row">Average</th><td />{columns.map((at) => <td key={at} class="number">{percent(answer.average[at] ?? null, 0)}</td>)}</tr></tfoot>
      </table>
    </div>
  );
}
