// {"title": "Credits", "menu": "Organization", "order": 15, "needs": "billing:read", "params": {"paid": ["1"]}, "words": "credits tokens balance history voucher code package spend expire"}
/** Credits of the organization: what there is and when it expires, every change, vouchers and packages. */

import { useEffect, useState } from 'preact/hooks';
import { setParams, useAddress } from '../../shared/address';
import { ask } from '../../shared/api';
import { useGet } from '../../shared/asking';
import { NoOrganization } from '../../shared/beginnings';
import { Actions, Field, Form, Submit, type Fields } from '../../shared/form';
import { count, money } from '../../shared/format';
import { Pages } from '../../shared/paged';
import { Badge, Button, Card, Empty, Facts, Line, Lines, Loaded, Name, Notice, When } from '../../shared/pieces';
import { PageHead } from '../../shared/report';
import { useSession } from '../../shared/session';
import { say } from '../../shared/toast';
import { t } from '../../shared/words';
import type { BalanceOut, BillingOut, CheckoutOut, CreditCheckOut, CreditEntryOut, CreditHoldsOut, CreditLotOut, CreditLotsOut, PackageOut, PackagesOut, RedemptionOut } from '../../types';

const PATH = '/v1/credits';
const KINDS: Record<CreditLotOut['kind'], string> = {
  PLAN: 'Of the plan, this month', ROLLOVER: 'Of the plan, from last month', PURCHASE: 'Bought', BONUS: 'Bonus', ADJUSTMENT: 'Added by the operator', RELEASED: 'Given back late',
};
const TYPES: Record<CreditEntryOut['type'], string> = {
  EARN_REGENERATION: 'The month’s credits', EARN_UPGRADE: 'Credits of an upgrade', EARN_PURCHASE: 'Bought', EARN_BONUS: 'Bonus', EARN_ADJUSTMENT: 'Added by the operator', TAKE_ADJUSTMENT: 'Taken by the operator',
  SPEND: 'Spent', HOLD: 'Set aside', CAPTURE: 'Spent of what was set aside', RELEASE: 'Available again', TIMEOUT: 'Available again after its time', ROLLOVER: 'End of the month', EXPIRE: 'Expired', REVERSAL: 'Taken back with a payment', RESTORE: 'Granted again',
};

/** A payment is granted within seconds: after one, the page looks again so often. */
const LOOK_AGAIN_MS = 2000;
const LOOKS = 2;

export default function Credits() {
  const { current, may } = useSession();
  const [changes, setChanges] = useState(0);
  const [looks, setLooks] = useState(0);
  const paid = useAddress().searchParams.get('paid') === '1';
  useEffect(() => {
    if (paid) {
      say('Thank you. Your credits come within a few seconds.');
      setParams({ paid: null }, 'replace');
      setLooks(LOOKS);
    }
  }, [paid]);
  useEffect(() => {
    if (!looks) return undefined;
    const timer = setTimeout(() => { setLooks(looks - 1); setChanges(changes + 1); }, LOOK_AGAIN_MS);
    return () => clearTimeout(timer);
  }, [looks]);
  if (!current) return <NoOrganization />;
  return (
    <>
      <PageHead title="Credits" about="What products can spend. Every change is in the history below, and none can be edited."><Check /></PageHead>
      <Now key={`now ${changes}`} />
      {may('billing:write') && <Redeem again={() => setChanges(changes + 1)} />}
      <Packages />
      <Card title="History">
        <Pages<CreditEntryOut> key={`entries ${changes}`} path={`${PATH}/entries`} empty={<Empty title="No change yet"><p>Credits come with a plan, a package or a voucher.</p></Empty>}>
          {(items) => <Lines>{items.map((one) => <Entry key={one.sequence} one={one} />)}</Lines>}
        </Pages>
      </Card>
    </>
  );
}

function Now() {
  const balance = useGet<BalanceOut>(PATH);
  const lots = useGet<CreditLotsOut>(`${PATH}/lots`);
  const holds = useGet<CreditHoldsOut>(`${PATH}/holds`);
  return (
    <>
      <Card title="Now">
        <Loaded of={balance}>{(one) => (
          <>
            <Facts facts={[
              ['Available', count(one.available)], ['Set aside', count(one.held)],
              ...(one.plan ? [['Each month', t('{count} of the plan {plan}', { count: count(one.monthly_credits), plan: titled(one.plan) })] as const] : []),
              ...(one.renews_at ? [['Next month', <When at={one.renews_at} />] as const] : []),
            ]} />
            {one.available < 0 && <Notice look="warn">{t('{count} credits are owed. The next credits repay them first.', { count: count(-one.available) })}</Notice>}
            {one.bonus_percent > 0 && <Notice look="good">{t('Your next purchase is topped up by {percent} %.', { percent: count(one.bonus_percent) })}</Notice>}
          </>
        )}</Loaded>
      </Card>
      <Card title="When they expire" about="In the order in which they are spent.">
        <Loaded of={lots}>{({ items }) => (items.length
          ? <Lines>{items.map((lot) => (
            <Line key={`${lot.kind} ${lot.expires_at}`} what={<strong>{t('{count} credits', { count: count(lot.remaining) })}</strong>}
              small={<>{KINDS[lot.kind]}; {lot.expires_at ? <>expire <When at={lot.expires_at} /></> : 'never expire'}</>} />
          ))}</Lines>
          : <Empty><p>There are no credits.</p></Empty>)}</Loaded>
      </Card>
      <Loaded of={holds} rows={1}>{({ items }) => (items.length > 0 && (
        <Card title="Set aside for work that runs">
          <Lines>{items.map((hold) => (
            <Line key={hold.hold_id} what={<strong>{t('{count} credits', { count: count(hold.left) })}</strong>}
              small={<><Name>{hold.product}</Name>, <Name>{hold.hold_id}</Name>; until <When at={hold.expires_at} /></>} />
          ))}</Lines>
        </Card>
      ))}</Loaded>
    </>
  );
}

function Redeem({ again }: { again: () => void }) {
  const send = async ({ code }: Fields, form: HTMLFormElement) => {
    const given = await ask<RedemptionOut>('POST', '/v1/vouchers/redeem', { code });
    form.reset();
    if (given.trial_plan) say(t('Your trial of {plan} has begun.', { plan: titled(given.trial_plan) }));
    else say(given.credits ? t('{count} credits were added.', { count: count(given.credits) }) : t('Your next purchase is topped up by {percent} %.', { percent: count(given.bonus_percent) }));
    again();
  };
  return (
    <Card title="Redeem a voucher">
      <Form onSend={send}>
        <Field name="code" label="Code" required maxLength={60} autocomplete="off" hint="Capitals and small letters are the same." />
        <Actions><Submit>Redeem</Submit></Actions>
      </Form>
    </Card>
  );
}

function Packages() {
  const { may } = useSession();
  const packages = useGet<PackagesOut>(`${PATH}/packages`);
  const billing = useGet<BillingOut>('/v1/billing');
  const sells = billing.answer?.standing === 'BILLED' && may('billing:write');
  const buy = async (one: PackageOut, currency: string) => {
    const page = await ask<CheckoutOut>('POST', `${PATH}/checkout`, { package_id: one.package_id, currency });
    window.location.assign(page.url);
  };
  return (
    <Loaded of={packages} rows={1}>{({ items }) => (items.length > 0 && (
      <Card title="Packages">
        <Lines>{items.map((one) => (
          <Line key={one.package_id} what={<strong><Name>{one.name}</Name></strong>}
            small={<>{t('{count} credits', { count: count(one.credits) })}; {Object.entries(one.price_micros).map(([currency, micros]) => money(micros, currency)).join(' / ')}; {one.months ? t('expire after {count} months', { count: count(one.months) }) : 'never expire'}</>}>
            {sells && Object.entries(one.price_micros).map(([currency, micros]) => (
              <Button key={currency} onPress={() => buy(one, currency)} label={t('Buy {name} for {price}', { name: one.name, price: money(micros, currency) })}>{t('Buy for {price}', { price: money(micros, currency) })}</Button>
            ))}
          </Line>
        ))}</Lines>
      </Card>
    ))}</Loaded>
  );
}

function Entry({ one }: { one: CreditEntryOut }) {
  const postings = Object.entries(one.postings);
  return (
    <li>
      <div class="what"><strong>{TYPES[one.type]}</strong> {one.product && <Badge look="plain"><Name>{one.product}</Name></Badge>}
        <small><When at={one.written_at} />; {t('{count} available after it', { count: count(one.balance_after) })}{one.note && <>; <Name>{one.note}</Name></>}</small>
        <details><summary>What it is made of</summary>
          <Facts facts={[
            ['Number', count(one.sequence)], ['For', <Name>{`${one.source_kind} ${one.source_id}`}</Name>],
            ...(one.actor ? [['By', <Name>{one.actor}</Name>] as const] : []),
            ...(one.reverses ? [['Corrects entry', count(one.reverses)] as const] : []),
            ...postings.map(([account, amount]) => [account, signed(amount)] as const),
          ]} />
        </details>
      </div>
      <div class="actions"><strong>{signed(one.amount)}</strong></div>
    </li>
  );
}

const titled = (slug: string): string => slug.charAt(0) + slug.slice(1).toLowerCase();
const signed = (amount: number): string => (amount > 0 ? `+${count(amount)}` : count(amount));

function Check() {
  const [found, setFound] = useState<CreditCheckOut | null>(null);
  return (
    <>
      <Button look="second short" onPress={async () => setFound(await ask<CreditCheckOut>('GET', `${PATH}/check`))}>Check that it is whole</Button>
      {found && (found.intact
        ? <Notice look="good">{t('All {count} entries are whole.', { count: count(found.good_entries) })}</Notice>
        : <Notice look="warn" role="alert">{found.fault}</Notice>)}
    </>
  );
}
