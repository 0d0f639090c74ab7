/** What is known of an advertising account's last days: spend, and whether the platform may still change it. */

import { useGet } from '../shared/asking';
import { dayText, plusDays, todayIn } from '../shared/days';
import { money } from '../shared/format';
import { Loaded } from '../shared/pieces';
import { t } from '../shared/words';
import type { AccountDaysOut, AdAccountOut } from '../types';

const DAYS = 14;
const STATES: Record<string, string> = { NEVER: 'Not synced yet', PROVISIONAL: 'Day not over', SETTLING: 'May still change', SETTLED: 'Final' };

export function AdDays({ account }: { account: AdAccountOut }) {
  const today = todayIn(account.timezone || 'UTC');
  const found = useGet<AccountDaysOut>(`/v1/ad-accounts/${account.platform}/${account.external_id}/days?from=${plusDays(today, 1 - DAYS)}&to=${today}`);
  return (
    <Loaded of={found}>{({ days }) => (
      <table>
        <caption>{t('Spend of {account} by day, in its own currency and timezone', { account: account.name || account.external_id })}</caption>
        <thead><tr><th scope="col">Day</th><th scope="col" class="number">Spend</th><th scope="col">State</th></tr></thead>
        <tbody>{[...days].reverse().map((one) => (
          <tr key={one.day}>
            <th scope="row">{dayText(one.day)}</th>
            <td class="number">{one.status === 'NEVER' ? '–' : money(one.spend_micros, account.currency)}</td>
            <td>{STATES[one.status]}</td>
          </tr>
        ))}</tbody>
      </table>
    )}</Loaded>
  );
}
