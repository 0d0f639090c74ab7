/** Why the shop's numbers differ from ours: each reason with its part, which add up to the difference. */

import { count, money } from '../shared/format';
import { sentence } from '../shared/api';
import type { DifferenceLineOut, FiguresOut } from '../types';

const REASONS: Record<DifferenceLineOut['reason'], string> = {
  BOT: 'Robots and monitors', OPTED_OUT: 'Visitors who opted out', EXCLUDED: 'Excluded', UNVERIFIED: 'Not confirmed by a server', OVER_LIMIT: 'Over a limit', MANY_REPORTS: 'Repeated reports of an order',
  REFUNDS: 'Refunds and changes', UNEXPLAINED: 'Unexplained',
};

export function Differences({ lines, difference, currency }: { lines: readonly DifferenceLineOut[]; difference: FiguresOut; currency: string }) {
  const most = Math.max(...lines.map(({ revenue_micros: micros }) => Math.abs(micros)), 1);
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label="Where the difference comes from">
      <table class="table-cards" role="table">
        <thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Reason</th><th role="columnheader" scope="col" class="number">Orders</th><th role="columnheader" scope="col" class="number">Revenue</th></tr></thead>
        <tbody role="rowgroup">{lines.map((line) => (
          <tr key={line.reason} role="row">
            <th role="rowheader" scope="row"><span class={`row-bar ${line.reason === 'UNEXPLAINED' ? 'c2' : 'c1'}`} style={{ inlineSize: `${((100 * Math.abs(line.revenue_micros)) / most).toFixed(1)}%` }} aria-hidden="true" />
              <span class="row-name"><span>{REASONS[line.reason]}<small class="soft block">{sentence(line.because)}</small></span></span></th>
            <td role="cell" data-label="Orders" class="number">{count(line.orders)}</td><td role="cell" data-label="Revenue" class="number">{money(line.revenue_micros, currency)}</td>
          </tr>
        ))}</tbody>
        <tfoot role="rowgroup"><tr role="row"><th role="rowheader" scope="row">The shop minus Optiq</th><td role="cell" data-label="Orders" class="number">{count(difference.orders)}</td><td role="cell" data-label="Revenue" class="number">{money(difference.revenue_micros, currency)}</td></tr></tfoot>
      </table>
    </div>
  );
}
