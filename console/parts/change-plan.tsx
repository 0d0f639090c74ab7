/** Another plan: its price, what it would cost now, and the way to pay. */

import { Fragment } from 'preact';
import { useState } from 'preact/hooks';
import { ask } from '../shared/api';
import { count, money } from '../shared/format';
import { Pick } from '../shared/pick';
import { Button, Card, Line, Lines, Notice, When } from '../shared/pieces';
import { useSession } from '../shared/session';
import { say } from '../shared/toast';
import { t } from '../shared/words';
import type { BillingOut, ChangePreviewOut, CheckoutOut, PlanOut } from '../types';

const LOOK_AGAIN_MS = 2000;

interface Props { now: BillingOut; plans: readonly PlanOut[]; done: () => void }

export function ChangePlan({ now, plans, done }: Props) {
  const { may } = useSession();
  const [interval, setInterval] = useState<string>(now.interval ?? 'month');
  const [shown, setShown] = useState<ChangePreviewOut | null>(null);
  const [chosen, setCurrency] = useState('USD');
  const currency = now.currency ?? chosen;
  const lives = Boolean(now.status) && now.status !== 'CANCELED' && now.status !== 'INCOMPLETE_EXPIRED';
  if (!may('billing:write')) return null;
  const choose = async (plan: PlanOut) => {
    if (lives) {
      setShown(await ask<ChangePreviewOut>('POST', '/v1/billing/preview', { plan: plan.slug, interval }));
      return;
    }
    const page = await ask<CheckoutOut>('POST', '/v1/billing/checkout', { plan: plan.slug, interval, currency });
    window.location.assign(page.url);
  };
  const trial = async () => {
    await ask('POST', '/v1/billing/trial', { plan: 'PROFESSIONAL' });
    say('Your trial has begun.');
    done();
  };
  return (
    <Card title="Plans" aside={(
      <div class="actions">
        {!now.currency && <Pick name="In" value={currency} options={currenciesOf(plans)} onPick={setCurrency} />}
        <Pick name="Paid by" value={interval} options={[['month', t('Month')], ['year', t('Year')]]} onPick={setInterval} />
      </div>
    )}>
      {now.trial_available && <p><Button onPress={trial}>Try Professional for 14 days, without a card</Button></p>}
      <Lines>{plans.filter((one) => one.prices.length > 0).map((one) => {
        const price = one.prices.find((each) => each.interval === interval && each.currency === currency);
        const present = lives && now.entitlements.plan === one.slug && now.interval === interval;
        return (
          <Fragment key={one.slug}><Line what={<>{one.title} {price && <strong>{t(interval === 'year' ? '{price} a year' : '{price} a month', { price: money(price.amount_micros, currency) })}</strong>}</>} small={aboutOf(one)}>
            {present || now.next_plan === one.slug ? <span class="soft">{t(present ? 'Your plan' : 'Your next plan')}</span> : <Button onPress={() => choose(one)} label={t('Choose {plan}', { plan: one.title })}>Choose</Button>}
          </Line>
          {shown?.plan === one.slug && <li><Preview shown={shown} title={one.title} done={done} leave={() => setShown(null)} /></li>}</Fragment>
        );
      })}</Lines>
    </Card>
  );
}

function Preview({ shown, title, done, leave }: { shown: ChangePreviewOut; title: string; done: () => void; leave: () => void }) {
  const later = shown.takes_effect === 'PERIOD_END';
  const confirm = async () => {
    const more = later ? {} : { at: shown.at, total_micros: shown.total_micros };
    await ask('POST', '/v1/billing/change', { plan: shown.plan, interval: shown.interval, ...more });
    say(later ? 'The change is set. Nothing changes before.' : 'Your plan is changed.');
    leave();
    done();
    if (!later) setTimeout(done, LOOK_AGAIN_MS); // The payment comes a moment later.
  };
  return (
    <Notice>
      {later
        ? <>{t('{plan} begins on ', { plan: title })}<When at={shown.at} />{t('. You pay nothing now.')}</>
        : <>{t('{plan} begins at once. You pay {amount} now:', { plan: title, amount: money(shown.total_micros, shown.currency) })}</>}
      {shown.lines.map((line) => <span key={line.description} class="block">{line.description}: {money(line.amount_micros, shown.currency)}</span>)}
      <p class="actions after-facts">
        <Button look="short" onPress={confirm}>{later ? t('Change on that day') : t('Pay {amount} and change', { amount: money(shown.total_micros, shown.currency) })}</Button>
        <Button onPress={leave}>Leave it</Button>
      </p>
    </Notice>
  );
}

const FEATURES: Record<PlanOut['features'][number], string> = {
  data_driven_models: 'data-driven models', ad_platforms: 'advertising accounts', alerts: 'alerts', sharing: 'sharing', warehouse: 'warehouse copy', api_access: 'API', priority: 'priority',
};

const currenciesOf = (plans: readonly PlanOut[]) => [...new Set(plans.flatMap(({ prices }) => prices.map((one) => one.currency)))].map((one) => [one, one] as const);

function aboutOf(one: PlanOut): string {
  const limit = (value: number | null) => (value === null ? t('unlimited') : count(value));
  const spend = one.monthly_ad_spend_micros === null ? t('unlimited ad spend') : t('{amount} of ad spend', { amount: money(one.monthly_ad_spend_micros, 'USD') });
  return t('A month: {events} events, {spend}, {credits} credits. Seats: {seats}. With {features}.', {
    events: limit(one.monthly_events), spend, credits: count(one.credits_per_month), seats: limit(one.seats), features: one.features.map((name) => t(FEATURES[name])).join(', '),
  });
}
