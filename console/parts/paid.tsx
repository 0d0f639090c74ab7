/** Invoices with their lines, payments with their receipts, and cards. */

import { useState } from 'preact/hooks';
import { useGet } from '../shared/asking';
import { count, money } from '../shared/format';
import { Pages } from '../shared/paged';
import { Badge, Button, Card, Empty, Line, Lines, Loaded, When } from '../shared/pieces';
import { isolated, t } from '../shared/words';
import type { InvoiceOut, InvoiceUsageOut, InvoiceWithLinesOut, LineUsageOut, PaymentMethodsOut, PaymentOut } from '../types';
import { readersZone, useSiteName } from './usage';
import { MoreParts } from './usage-parts';

const LOOKS: Record<string, string> = { PAID: 'good', OPEN: 'bad', UNCOLLECTIBLE: 'bad', SUCCEEDED: 'good', FAILED: 'bad' };
const NAMES: Record<string, string> = {
  DRAFT: 'Not final yet', OPEN: 'To be paid', PAID: 'Paid', UNCOLLECTIBLE: 'Not paid', VOID: 'Void',
  PENDING: 'Under way', SUCCEEDED: 'Paid', FAILED: 'Failed', REFUNDED: 'Refunded',
};

const titled = (brand: string): string => brand.charAt(0).toUpperCase() + brand.slice(1);

export const Invoices = () => (
  <Card title="Invoices">
    <Pages<InvoiceOut> path="/v1/billing/invoices" empty={<Empty><p>There are no invoices yet.</p></Empty>}>
      {(items) => <Lines>{items.map((one) => <InvoiceLine key={one.invoice_id} one={one} />)}</Lines>}
    </Pages>
  </Card>
);

function InvoiceLine({ one }: { one: InvoiceOut }) {
  const [open, setOpen] = useState(false);
  const name = one.number || t('Draft');
  return (
    <>
      <Line what={<>{name} {money(one.total_micros, one.currency)} <Badge look={LOOKS[one.status]}>{NAMES[one.status]}</Badge></>} small={<When at={one.created_at} />}>
        <Button onPress={() => setOpen(!open)} label={t('Lines of {invoice}', { invoice: name })}>Lines</Button>
        {one.address && <a class="button second short" href={one.address} target="_blank" rel="noreferrer">{t('Invoice')}</a>}
        {one.pdf && <a class="button second short" href={one.pdf} target="_blank" rel="noreferrer">PDF</a>}
      </Line>
      {open && <li><InvoiceLines id={one.invoice_id} /></li>}
    </>
  );
}

function InvoiceLines({ id }: { id: string }) {
  const found = useGet<InvoiceWithLinesOut>(`/v1/billing/invoices/${id}`);
  const usage = useGet<InvoiceUsageOut>(`/v1/billing/invoices/${id}/usage?timezone=${encodeURIComponent(readersZone())}`);
  return (
    <Loaded of={found}>{(one) => (
      <Loaded of={usage}>{(used) => (
        <Lines>{one.lines.map((line, place) => (
          <Line key={`${line.description}${line.from_at}`} what={<>{line.description} {money(line.amount_micros, one.currency)}</>}
            small={<><When at={line.from_at} /> – <When at={line.until_at} /></>}>
            <LineEvents of={used.lines.find((each) => each.line === place + 1)} />
          </Line>
        ))}</Lines>
      )}</Loaded>
    )}</Loaded>
  );
}

/** The events of a line's time, and of each site when they are opened. */
function LineEvents({ of: line }: { of: LineUsageOut | undefined }) {
  const siteName = useSiteName();
  if (!line) return null;
  return (
    <details>
      <summary>{t('{events} events so far', { events: count(line.events) })}</summary>
      <ul class="small">{line.sites.map(({ site_id, events }) => <li key={site_id}>{isolated(siteName(site_id))}: {count(events)}</li>)}</ul>
      <MoreParts of={line} />
      <details>
        <summary>{t('By day')}</summary>
        <ul class="small">{line.days.filter(({ events }) => events > 0).map(({ day, events }) => <li key={day}>{day}: {count(events)}</li>)}</ul>
      </details>
    </details>
  );
}

export const Payments = () => (
  <Card title="Payments">
    <Pages<PaymentOut> path="/v1/billing/payments" empty={<Empty><p>There are no payments yet.</p></Empty>}>
      {(items) => <Lines>{items.map((one) => (
        <Line key={one.payment_id} what={<>{money(one.amount_micros, one.currency)} <Badge look={LOOKS[one.status]}>{NAMES[one.status]}</Badge></>}
          small={<><When at={one.created_at} /> {one.card_last4 && `${titled(one.card_brand)} •••• ${one.card_last4}`} {one.refunded_micros > 0 && t('{amount} given back', { amount: money(one.refunded_micros, one.currency) })}</>}>
          {one.receipt && <a class="button second short" href={one.receipt} target="_blank" rel="noreferrer">{t('Receipt')}</a>}
        </Line>
      ))}</Lines>}
    </Pages>
  </Card>
);

export function Methods() {
  const found = useGet<PaymentMethodsOut>('/v1/billing/methods');
  return (
    <Card title="Cards">
      <Loaded of={found}>{({ items }) => (
        <Lines>{items.map((one) => (
          <Line key={one.method_id} what={<>{titled(one.brand)} •••• {one.last4} {one.is_default && <Badge look="good">{t('Pays')}</Badge>}</>} small={t('until {month}', { month: one.expires })} />
        ))}</Lines>
      )}</Loaded>
    </Card>
  );
}
