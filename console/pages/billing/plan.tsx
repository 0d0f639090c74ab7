// {"title": "Plan and invoices", "menu": "Organization", "order": 14, "needs": "billing:read", "params": {"paid": ["1"]}, "words": "billing plan usage events limit forecast subscription upgrade downgrade cancel invoice payment card receipt price trial"}
/** The organization's plan: what it allows and what is used of it, another one with its price before it is chosen, invoices, payments, cards. */

import { Fragment } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ChangePlan } from '../../parts/change-plan';
import { Invoices, Methods, Payments } from '../../parts/paid';
import { Simulate } from '../../parts/simulation';
import { SpendCap } from '../../parts/spend-cap';
import { Usage } from '../../parts/usage';
import { setParams, useAddress } from '../../shared/address';
import { ask } from '../../shared/api';
import { useGet } from '../../shared/asking';
import { count, money } from '../../shared/format';
import { Badge, Button, Card, Facts, Loaded, Notice, When } from '../../shared/pieces';
import { PageHead } from '../../shared/report';
import { useSession } from '../../shared/session';
import { isSure, say } from '../../shared/toast';
import { t } from '../../shared/words';
import type { BillingOut, EntitlementsOut, PlanOut, PlansOut } from '../../types';

const STANCES: Record<string, readonly [string, string]> = {
  SELF_HOSTED: ['Unlimited', 'good'], INTERNAL: ['Unlimited', 'good'], SUSPENDED: ['Suspended', 'bad'], FREE: ['Free', ''],
  TRIAL: ['Trial', 'good'], ACTIVE: ['Active', 'good'], CANCELING: ['Ends soon', ''], PAST_DUE: ['Payment failed', 'bad'], LAPSED: ['Payment failed', 'bad'],
};
const LOOK_AGAIN_MS = 1500;
const LONG_LOOKS = 40; // A minute: then a mail says it.
const NOT_PAID = ['FREE', 'TRIAL', 'LAPSED'];

export default function Plan() {
  const paid = useAddress().searchParams.get('paid') === '1';
  return (
    <>
      <PageHead title="Plan and invoices" about="What your organization may use, and what it pays." />
      <Body paid={paid} />
    </>
  );
}

function Body({ paid }: { paid: boolean }) {
  const { may } = useSession();
  const [times, setTimes] = useState(0);
  const billing = useGet<BillingOut>('/v1/billing');
  // What is open on the page stays open.
  const again = () => {
    billing.again();
    setTimes((before) => before + 1);
  };
  const plans = useGet<PlansOut>('/v1/plans');
  const [looks, setLooks] = useState(0);
  const waits = paid && Boolean(billing.answer && NOT_PAID.includes(billing.answer.entitlements.stance) && !billing.answer.own_terms);
  useEffect(() => {
    if (!paid || !billing.answer) return undefined;
    if (!waits) {
      setParams({ paid: null }, 'replace');
      say('Thank you. Your plan has begun.');
      setTimeout(again, LOOK_AGAIN_MS); // The invoice comes a moment later.
      return undefined;
    }
    const timer = setTimeout(() => {
      billing.again();
      setLooks((before) => before + 1);
    }, LOOK_AGAIN_MS);
    return () => clearTimeout(timer);
  }, [paid, billing.answer]);
  return (
    <Loaded of={billing}>{(now) => (
      <Loaded of={plans}>{({ items }) => (<>
        {waits && <Notice>{looks < LONG_LOOKS ? t('Your payment is being confirmed. This takes a few seconds.') : t('This takes longer than usual. You need not pay again: a mail tells you when your plan has begun.')}</Notice>}
        <Now now={now} plans={items} again={again} />
        <Usage key={times} />
        {now.entitlements.overage && may('billing:write') && <SpendCap now={now} done={again} />}
        {now.standing === 'BILLED' && !waits && <ChangePlan now={now} plans={items} done={again} />}
        {now.standing === 'BILLED' && <Simulate plans={items} present={now.entitlements.plan} />}
        {now.standing === 'BILLED' && now.status && (<Fragment key={times}><Invoices /><Payments /><Methods /></Fragment>)}
      </>)}</Loaded>
    )}</Loaded>
  );
}

function Now({ now, plans, again }: { now: BillingOut; plans: readonly PlanOut[]; again: () => void }) {
  const { may } = useSession();
  const { entitlements } = now;
  const [word, look] = STANCES[entitlements.stance] ?? [entitlements.stance, ''];
  if (now.standing === 'SELF_HOSTED') {
    return <Card title="Unlimited"><p>You run Optiq for yourself: every feature is on, nothing is limited, and nothing is paid here.</p></Card>;
  }
  const title = titleOf(plans, entitlements.plan);
  const costs = now.amount_micros !== null && now.status !== 'CANCELED' && now.status !== 'INCOMPLETE_EXPIRED' && now.status !== 'PAUSED';
  const price = costs ? `${money(now.amount_micros ?? 0, now.currency ?? 'USD')} ${t(now.interval === 'year' ? 'a year' : 'a month')}` : t('nothing');
  const act = async (verb: string, done: string) => {
    await ask('POST', `/v1/billing/${verb}`);
    say(done);
    again();
  };
  return (
    <Card title={title} aside={<Badge look={look}>{word}</Badge>}>
      {(now.status === 'PAST_DUE' || now.status === 'UNPAID') && <Notice look="bad" role="alert">The last payment failed. Change your card: the payment is tried again by itself.</Notice>}
      {now.own_terms && <Notice>Your subscription has terms of its own. Whoever runs this system changes its plan for you; you can cancel it here.</Notice>}
      {now.status === 'PAUSED' && <Notice>Your plan is paused: you pay nothing, and are on the Free plan. To go on takes a payment.</Notice>}
      {now.next_plan && now.next_at && <Notice>{t('It becomes {plan} on ', { plan: titleOf(plans, now.next_plan) })}<When at={now.next_at} />. Nothing changes before.</Notice>}
      <Facts facts={[
        ['Costs', price],
        ...(now.period_end_at && costs ? [['Paid until', <When at={now.period_end_at} />] as const] : []),
        ...(entitlements.stance === 'TRIAL' && entitlements.until_at ? [['Trial ends', <When at={entitlements.until_at} />] as const] : []),
        ...limitsOf(entitlements),
      ]} />
      {may('billing:write') && (
        <p class="actions">
          {now.status === 'PAUSED' && <Button onPress={() => act('resume', 'Your plan goes on.')}>Go on with the plan</Button>}
          {now.next_plan && <Button onPress={() => act('resume', 'Your plan stays as it is.')}>Keep the present plan</Button>}
          {now.status === 'ACTIVE' && !now.cancel_at_period_end && <Button onPress={async () => {
            if (await isSure(canceled(now, plans), t('Cancel the plan'), t('Keep the plan'))) await act('cancel', 'Your plan ends with its period.');
          }}>Cancel the plan</Button>}
          {now.status && <Button onPress={async () => window.location.assign((await ask<{ url: string }>('POST', '/v1/billing/portal')).url)}>Cards and addresses</Button>}
        </p>
      )}
    </Card>
  );
}

/** What follows from canceling, before it is done. */
function canceled(now: BillingOut, plans: readonly PlanOut[]): string {
  const free = plans.find((one) => one.prices.length === 0);
  return t('Cancel the plan? You keep all of it until {day}. Then your organization is on the Free plan: {events} events a month, more are held. Credits of the plan expire; credits that you bought stay.', {
    day: now.period_end_at ? new Date(now.period_end_at).toLocaleDateString(undefined, { dateStyle: 'medium' }) : t('the period ends'), events: count(free?.monthly_events ?? 0),
  });
}

function limitsOf(one: EntitlementsOut): (readonly [string, string])[] {
  const limit = (value: number | null) => (value === null ? t('unlimited') : count(value));
  return [
    ['Events a month', limit(one.monthly_events)],
    ['Tracked ad spend a month', one.monthly_ad_spend_micros === null ? t('unlimited') : money(one.monthly_ad_spend_micros, 'USD')],
    ['Seats', limit(one.seats)],
    ['Credits a month', count(one.credits_per_month)],
  ];
}

const titleOf = (plans: readonly PlanOut[], slug: string) => plans.find((one) => one.slug === slug)?.title ?? slug;
