// {"title": "Reconciliation", "menu": "Acquisition", "order": 80, "needs": "reports:read", "bar": ["period", "model"], "params": {"revenue": ["GROSS", "NET"], "sort": [], "find": []}, "words": "shop orders difference claims platforms Shopify Stripe why differ reconcile"}
/** Why our revenue differs from the shop's, and what ad platforms claim beside what we credit. */

import { BehaviourEdge } from '../../parts/behaviour';
import { Differences } from '../../parts/difference';
import { ShopTotals } from '../../parts/shop-totals';
import { hrefOf, setParams, useAddress } from '../../shared/address';
import { usePost } from '../../shared/asking';
import { dayText } from '../../shared/days';
import { NO_VALUE, axisText, count, money, percent, valueText } from '../../shared/format';
import { LineChart } from '../../shared/line-chart';
import { modelTitle } from '../../shared/models';
import { Pick } from '../../shared/pick';
import { Card, Empty, Loaded, Notice } from '../../shared/pieces';
import { PageHead } from '../../shared/report';
import { useSession } from '../../shared/session';
import { DataTable, type Column } from '../../shared/table';
import { periodOf, useView } from '../../shared/view';
import { plural, t } from '../../shared/words';
import type { FiguresOut, ReconciliationIn, ReconciliationOut } from '../../types';

export default function Reconcile() {
  const view = useView();
  const { may } = useSession();
  const url = useAddress();
  const revenue = (url.searchParams.get('revenue') || 'GROSS') as 'GROSS' | 'NET';
  const body: ReconciliationIn = { period: periodOf(view), shop_revenue: revenue, model: view.model || null };
  const found = usePost<ReconciliationOut>(`/v1/sites/${view.site.site_id}/reconciliation/query`, body);
  return (
    <>
      <PageHead title="Reconciliation" about="Why the shop and the ad platforms show other numbers than Optiq.">
        <Pick name="The shop’s revenue is" value={revenue} options={[['GROSS', 'before refunds'], ['NET', 'after refunds']]} onPick={(name) => setParams({ revenue: name === 'GROSS' ? null : name })} />
      </PageHead>
      <Loaded of={found} rows={8}>{(answer) => (
        <>
          <BehaviourEdge found={answer} />
          {answer.failed_events > 0 && <Notice look="warn">{plural(answer.failed_events, { one: '{n} event could not be read and may be an order.', other: '{n} events could not be read and may be orders.' })} <a href={hrefOf('failed-events')}>Look at it</a></Notice>}
          {answer.compared_days ? <Compared answer={answer} /> : (
            <Card><Empty title="The shop reported nothing of these days"><p>{may('shop_totals:write') ? 'Send its orders and revenue by day below, and see here where a difference comes from.' : 'A member of the organization can send its orders and revenue by day.'}</p></Empty></Card>
          )}
          <Claims answer={answer} />
        </>
      )}</Loaded>
      {may('shop_totals:write') && <ShopTotals site={view.site} again={found.again} />}
    </>
  );
}

function Compared({ answer }: { answer: ReconciliationOut }) {
  const { ours, shop, difference, currency, days } = answer;
  const known = days.filter((day) => day.shop);
  const tile = (name: string, figures: FiguresOut, more: string) => (
    <div class="tile"><span class="tile-name">{name}</span><span class="tile-value">{money(figures.revenue_micros, currency)}</span>
      <span class="tile-more">{plural(figures.orders, { one: '{n} order', other: '{n} orders' })}{more && `, ${more}`}</span></div>
  );
  return (
    <>
      <div class="tiles">
        {tile('The shop', shop, '')}{tile('Optiq', ours, '')}
        {tile('Difference', difference, shop.revenue_micros ? t('{share} of the shop’s revenue', { share: percent(Math.abs(difference.revenue_micros / shop.revenue_micros)) }) : '')}
      </div>
      <Card title="Where the difference comes from" about={plural(answer.compared_days, { one: 'Of the {n} day that the shop reported. The reasons add up to the difference.', other: 'Of the {n} days that the shop reported. The reasons add up to the difference.' })}>
        <Differences lines={answer.lines} difference={difference} currency={currency} />
      </Card>
      {known.length > 1 && (
        <Card title="By day">
          <LineChart shared labels={known.map(({ day }) => dayText(day))} longLabels={known.map(({ day }) => dayText(day, 'day', 'long'))} summary="Revenue by day: the shop’s beside Optiq’s."
            series={[
              { name: 'Optiq', text: (value) => money(value, currency), axisText: (value) => axisText('revenue', value, currency), values: known.map((day) => day.ours.revenue_micros) },
              { name: 'The shop', text: (value) => money(value, currency), colour: 2, dashed: true, values: known.map((day) => day.shop?.revenue_micros ?? null) },
            ]} />
        </Card>
      )}
    </>
  );
}

function Claims({ answer }: { answer: ReconciliationOut }) {
  const { claims, currency } = answer;
  const ofMoney = (value: number | null) => money(value, currency);
  const columns: Column[] = [
    { name: 'conversions', title: 'Conversions', about: t('What Optiq credits under {model}: each sale once, shared between touches.', { model: modelTitle(answer.model) }), text: count },
    { name: 'claimed_conversions', title: 'Claimed', about: 'What the platforms report as theirs.', text: count },
    { name: 'revenue', title: 'Revenue', text: ofMoney, micros: true },
    { name: 'claimed_revenue', title: 'Claimed', text: ofMoney, micros: true },
    { name: 'times', title: 'Claimed / credited', about: 'How many times as much revenue they claim. Above 1: more than Optiq credits.', text: (value) => (value == null ? '–' : `${value.toFixed(2)} ×`) },
  ];
  return (
    <Card title="What ad platforms claim" about={<>The numbers never agree: each platform claims a whole sale after its click or view, and knows nothing of the others. Optiq shares each sale once. <a href={hrefOf('claims')}>Where the difference comes from</a></>}>
      {claims.length ? (
        <DataTable head="Channel" caption="Credited and claimed by channel and source" columns={columns} file="optiq-claims" kept bars={3}
          lines={claims.map((one) => ({
            key: `${one.channel} ${one.source}`, plain: `${one.channel || NO_VALUE}, ${one.source}`, name: <>{valueText(one.channel)} <span class="soft small">{valueText(one.source)}</span></>,
            values: [one.conversions, one.claimed_conversions, one.revenue_micros, one.claimed_revenue_micros, one.revenue_micros > 0 ? one.claimed_revenue_micros / one.revenue_micros : null],
          }))} />
      ) : <p class="nothing">No platform claims anything in these days. Claims come with the spend of ads.</p>}
    </Card>
  );
}
