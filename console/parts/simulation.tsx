/** What other plans would have cost for the last twelve months, beside what was paid. */

import { useState } from 'preact/hooks';
import { ask } from '../shared/api';
import { count, money } from '../shared/format';
import { Pick } from '../shared/pick';
import { Button, Card, Line, Lines, Notice, When } from '../shared/pieces';
import { t } from '../shared/words';
import type { PlanOut, SimulationOut } from '../types';

export function Simulate({ plans, present }: { plans: readonly PlanOut[]; present: string }) {
  const [plan, setPlan] = useState(plans.find(({ slug, prices }) => slug !== present && prices.length > 0)?.slug ?? '');
  const [found, setFound] = useState<SimulationOut | null>(null);
  const look = async () => setFound(await ask<SimulationOut>('GET', `/v1/billing/simulation?plan=${encodeURIComponent(plan)}`));
  return (
    <Card title="With another plan" about="What a plan would have cost for the events of your last twelve months."
      aside={<Pick name="Plan" value={plan} options={plans.map((one) => [one.slug, one.title] as const)} onPick={(slug) => { setPlan(slug); setFound(null); }} />}>
      {found ? <Found one={found} /> : <p><Button onPress={look}>Compare with what you paid</Button></p>}
    </Card>
  );
}

function Found({ one }: { one: SimulationOut }) {
  if (!one.months.length) return <p class="soft">{t('There is no month yet that is over and has events.')}</p>;
  const saved = one.paid_micros - one.total_micros;
  return (
    <>
      <Notice>{saved >= 0
        ? t('You would have paid {amount} less: {total} in place of {paid}.', wordsOf(one, saved))
        : t('You would have paid {amount} more: {total} in place of {paid}.', wordsOf(one, -saved))}</Notice>
      {one.holds > 0 && <p class="soft">{t('In {months} months this plan would have held events beyond its limit.', { months: count(one.holds) })}</p>}
      <Lines>{one.months.map((month) => (
        <Line key={month.start_at} what={<><When at={month.start_at} /> {money(month.total_micros, one.currency)}</>}
          small={t('{events} events, {beyond} of them beyond the limit; you paid {paid}', { events: count(month.events), beyond: count(month.beyond), paid: money(month.paid_micros, one.currency) })} />
      ))}</Lines>
    </>
  );
}

const wordsOf = (one: SimulationOut, difference: number) => ({
  amount: money(difference, one.currency), total: money(one.total_micros, one.currency), paid: money(one.paid_micros, one.currency),
});
