/** The parts that come to a platform's claim, each with the reason why it differs from Optiq's number. */

import { count } from '../shared/format';
import { t } from '../shared/words';
import type { ClaimPartsOut, PlatformClaimOut } from '../types';

/** What a platform counts, as its claim tells it. */
export type Claimer = Pick<PlatformClaimOut, 'title' | 'views_counted' | 'date_basis_told'>;

export const PART: [keyof ClaimPartsOut, string, (one: Claimer, model: string) => string][] = [
  ['credited_micros', 'Credited', (_, model) => t('What Optiq credits its clicks under {model}.', { model })],
  ['shared_micros', 'Shared', () => 'Sales with a click of this platform, of which Optiq credits a part to other visits of the same person. The platform claims all of it.'],
  ['view_through_micros', 'After a view', (one) => (one.views_counted
    ? 'Sales of people who saw an ad and did not click. No visit shows them, so nobody else can check them.'
    : 'It counts no sale after a view alone in this claim, or does not say so.')],
  ['date_basis_micros', 'On other days', (one) => (one.date_basis_told
    ? 'It counts a sale on the day of the click, Optiq on the day of the sale: these clicks are of these days and their sales are not. Less than 0: the other way round.'
    : 'It does not tell on which day its sales happened.')],
  ['unexplained_micros', 'Unexplained', () => 'The rest. More than 0: other devices, estimates, visits that could not be matched. Less than 0: Optiq knows clicks that led to sales which the platform does not claim.'],
];

export function ClaimTable({ one, parts, model }: { one: Claimer; parts: ClaimPartsOut; model: string }) {
  const most = Math.max(parts.claimed_micros, 1);
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label={t('Parts of the claim of {title}', { title: one.title })}>
      <table class="table-cards" role="table">
        <thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Part</th><th role="columnheader" scope="col" class="number">Conversions</th></tr></thead>
        <tbody role="rowgroup">{PART.map(([name, title, about]) => (
          <tr key={name} role="row">
            <th role="rowheader" scope="row"><span class={`row-bar ${name === 'unexplained_micros' ? 'c2' : 'c1'}`} style={{ inlineSize: `${Math.min((100 * Math.abs(parts[name])) / most, 100).toFixed(1)}%` }} aria-hidden="true" />
              <span class="row-name"><span>{title}<small class="soft block">{about(one, model)}</small></span></span></th>
            <td role="cell" data-label="Conversions" class="number">{count(parts[name] / 1e6)}</td>
          </tr>
        ))}</tbody>
        <tfoot role="rowgroup"><tr role="row"><th role="rowheader" scope="row">Claimed</th><td role="cell" data-label="Conversions" class="number">{count(parts.claimed_micros / 1e6)}</td></tr></tfoot>
      </table>
    </div>
  );
}
