// {"title": "Plans and coupons", "menu": "Staff", "order": 40, "needs": "staff", "words": "coupon discount adjustment credits terms limits costs tenants revenue plans"}
/** What staff do with plans: coupons, other terms and credits for one organization, and what each organization costs. */

import { useState } from 'preact/hooks';
import { Adjust, Terms } from '../../parts/staff-terms';
import { ask } from '../../shared/api';
import { useGet } from '../../shared/asking';
import { Actions, Choice, Field, Form, Row, Submit, type Fields } from '../../shared/form';
import { count, money } from '../../shared/format';
import { Pages } from '../../shared/paged';
import { Badge, Button, Card, Empty, Line, Lines, Loaded, Name } from '../../shared/pieces';
import { PageHead } from '../../shared/report';
import { say } from '../../shared/toast';
import { t } from '../../shared/words';
import type { CouponOut, FindingsOut, TenantCostOut } from '../../types';

const COUPONS = '/v1/operator/coupons';
const STATES: Record<CouponOut['status'], readonly [text: string, look: string]> = {
  ACTIVE: ['On', 'good'], INACTIVE: ['Off', ''], SCHEDULED: ['Begins later', ''], EXPIRED: ['Over', ''], DEPLETED: ['Used up', ''],
};
const DURATIONS = [['ONCE', 'The first invoice'], ['REPEATING', 'Some months'], ['FOREVER', 'Every invoice']] as const;
const BASIS_POINTS = 100;

export default function SystemBilling() {
  const [round, setRound] = useState(0);
  return (
    <>
      <PageHead title="Plans and coupons" about="Coupons reach Stripe within the hour. The audit log of an organization shows what is changed for it." />
      <Coupons key={round} again={() => setRound(round + 1)} />
      <NewCoupon done={() => setRound(round + 1)} />
      <AtStripe />
      <Terms />
      <Adjust />
      <Costs />
    </>
  );
}

function Coupons({ again }: { again: () => void }) {
  const turn = (one: CouponOut) => async () => {
    await ask('PATCH', COUPONS, { coupon_id: one.coupon_id, active: !one.active, version: one.version });
    say(one.active ? 'The coupon is turned off.' : 'The coupon is turned on.');
    again();
  };
  return (
    <Card title="Coupons">
      <Pages<CouponOut> path={COUPONS} empty={<Empty><p>There are no coupons yet.</p></Empty>}>{(items) => (
        <Lines>{items.map((one) => (
          <Line key={one.coupon_id} what={<><strong><Name>{one.code}</Name></strong> <Name>{one.name}</Name> <Badge look={STATES[one.status][1]}>{STATES[one.status][0]}</Badge></>} small={aboutOf(one)}>
            <Button label={t(one.active ? 'Turn {code} off' : 'Turn {code} on', { code: one.code })} onPress={turn(one)}>{t(one.active ? 'Turn off' : 'Turn on')}</Button>
          </Line>
        ))}</Lines>
      )}</Pages>
    </Card>
  );
}

function aboutOf(one: CouponOut): string {
  const off = one.percent_basis_points === null ? money(one.amount_micros ?? 0, one.currency ?? 'USD') : `${one.percent_basis_points / BASIS_POINTS} %`;
  const long = one.duration === 'REPEATING' ? t('for {months} months', { months: count(one.months ?? 0) }) : t(one.duration === 'ONCE' ? 'off the first invoice' : 'off every invoice');
  const plans = one.plans.length ? one.plans.join(', ') : t('all plans');
  const uses = one.max_uses === null ? t('used {uses} times', { uses: count(one.uses) }) : t('used {uses} of {most} times', { uses: count(one.uses), most: count(one.max_uses) });
  return `${off} ${long}; ${plans}; ${uses}`;
}

/** What somebody must mend there: what is right is not listed. */
function AtStripe() {
  const found = useGet<FindingsOut>('/v1/operator/billing/check');
  return (
    <Card title="At Stripe" about="Prices, the meter, and subscriptions that Optiq cannot follow.">
      <Loaded of={found}>{({ items }) => {
        const wrong = items.filter(({ fix }) => fix);
        if (!wrong.length) return <p class="soft">{t('{checks} things were compared. All are right.', { checks: count(items.length) })}</p>;
        return <Lines>{wrong.map((one) => <Line key={one.what} what={<Name>{one.what}</Name>} small={one.fix} />)}</Lines>;
      }}</Loaded>
    </Card>
  );
}

function NewCoupon({ done }: { done: () => void }) {
  const send = async ({ code, name, percent, duration, months, plans, uses }: Fields, form: HTMLFormElement) => {
    await ask('POST', COUPONS, {
      code, name, duration, percent_basis_points: Math.round(Number(percent) * BASIS_POINTS),
      plans: (plans ?? '').split(',').map((one) => one.trim().toUpperCase()).filter(Boolean),
      ...(months ? { months: Number(months) } : {}), ...(uses ? { max_uses: Number(uses) } : {}),
    });
    form.reset();
    say('The coupon is created.');
    done();
  };
  return (
    <Card title="New coupon">
      <Form onSend={send}>
        <Row><Field name="code" label="Code" required maxLength={40} autocomplete="off" /><Field name="name" label="What it is for" required maxLength={40} /></Row>
        <Row><Field name="percent" label="Percent" required /><Choice name="duration" label="Taken off" options={DURATIONS} /><Field name="months" label="Months" hint="For some months." /></Row>
        <Row><Field name="plans" label="Plans" hint="Such as STARTER, PROFESSIONAL; empty is all." /><Field name="uses" label="How often" hint="Empty is any number of times." /></Row>
        <Actions><Submit>Create the coupon</Submit></Actions>
      </Form>
    </Card>
  );
}

const Costs = () => (
  <Card title="What organizations cost" about="This month in UTC: an estimate of stored events at list prices, beside what was paid.">
    <Pages<TenantCostOut> path="/v1/operator/billing/costs" empty={<Empty><p>There are no organizations yet.</p></Empty>}>{(items) => (
      <Lines>{items.map((one) => (
        <Line key={one.organization_id} what={<><Name>{one.name}</Name> {one.plan}</>}
          small={t('{events} events; costs {cost}; paid {paid}', { events: count(one.page_events + one.server_events), cost: money(one.cost_micros, 'USD'), paid: paidOf(one) })} />
      ))}</Lines>
    )}</Pages>
  </Card>
);

const paidOf = (one: TenantCostOut): string => Object.entries(one.paid_micros).map(([currency, micros]) => money(micros, currency)).join(' + ') || t('nothing');
