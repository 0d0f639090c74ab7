/** What becomes of events beyond the plan's limit: held with the days they are kept, refused, or paid for up to a cap. */

import { count, money } from '../shared/format';
import { Notice, When } from '../shared/pieces';
import { t } from '../shared/words';
import type { UsageOut } from '../types';

const DAY_MS = 86_400_000;

const daysLeft = (at: string): number => Math.max(0, Math.floor((Date.parse(at) - Date.now()) / DAY_MS));

export function Beyond({ one }: { one: UsageOut }) {
  return (<>
    {one.intake === 'STOPPED' && <Notice look="bad" role="alert">Your sites send far more than the plan has. New events are refused. Choose a larger plan below: they are taken again within a minute.</Notice>}
    {one.intake === 'HELD' && <Notice look="bad" role="alert">The plan has no room for more events this month. New ones are held: they are kept for 30 days, and are in no report.</Notice>}
    {one.held && (
      <Notice look="warn">
        {t('{events} events are held, from ', { events: count(one.held.events) })}<When at={one.held.first_at} />{t(' to ')}<When at={one.held.last_at} />.{' '}
        {t('A larger plan with room for {events} events a month takes all of them in, within minutes.', { events: count(one.events + one.held.events) })}{' '}
        {t('The first of them are removed in {days} days.', { days: count(daysLeft(one.held.ends_at)) })}
      </Notice>
    )}
    {one.overage && one.overage.events > 0 && <p>{paid(one.overage)}</p>}
    {one.ad_spend.limit_micros !== null && one.ad_spend.tracked_micros > 0 && (
      <p class="soft small">{t('Tracked ad spend: {spent} of {limit}.', { spent: money(one.ad_spend.tracked_micros, 'USD'), limit: money(one.ad_spend.limit_micros, 'USD') })}</p>
    )}
  </>);
}

function paid({ events, billed, amount_micros, cap_micros, currency }: NonNullable<UsageOut['overage']>): string {
  const values = { events: count(events), amount: money(amount_micros, currency), billed: count(billed) };
  const cost = t('{events} events are beyond the limit. {billed} of them cost {amount} so far, on the next invoice.', values);
  return cap_micros === null ? cost : `${cost} ${t('Your spend cap is {cap}.', { cap: money(cap_micros, currency) })}`;
}
