// {"title": "Conversions", "menu": "People", "order": 20, "site": true, "needs": "reports:read", "params": {"order": []}, "words": "orders sales goals refunds"}
/** Conversions, newest first; each leads to its path and credit. */

import { hrefOf, setParams, useAddress } from '../../shared/address';
import { withParams } from '../../shared/api';
import { Actions, Field, Form, Row, Submit } from '../../shared/form';
import { money } from '../../shared/format';
import { Badge, Card, Empty, Name, Term, When } from '../../shared/pieces';
import { Pages } from '../../shared/paged';
import { PageHead } from '../../shared/report';
import { useView } from '../../shared/view';
import { t } from '../../shared/words';
import type { ConversionOut } from '../../types';

export default function Conversions() {
  const wanted = useAddress().searchParams.get('order') ?? '';
  return (
    <>
      <PageHead title="Conversions" about="Each sale, sign-up or other goal, newest first. Open one to see its path and who got the credit." />
      <Card>
        <Form class="find" label="Find an order" onSend={({ order }) => setParams({ order: order?.trim() || null })}>
          <Row><Field key={wanted} name="order" label="Order number" defaultValue={wanted} /></Row>
          <Actions><Submit look="second">Find it</Submit>{wanted && <button type="button" class="button second" onClick={() => setParams({ order: null })}>Show all</button>}</Actions>
        </Form>
        {wanted ? <Found key={wanted} wanted={wanted} /> : <All />}
      </Card>
    </>
  );
}

/** The conversions with an order's number. */
function Found({ wanted }: { wanted: string }) {
  const { site } = useView();
  return (
    <Pages<ConversionOut> path={withParams(`/v1/sites/${site.site_id}/conversions`, { order_id: wanted })} empty={(
      <Empty title={t('No order {number}', { number: wanted })}><p>Enter its number as the shop shows it.</p></Empty>
    )}>{(items) => <Table items={items} />}</Pages>
  );
}

function All() {
  const { site } = useView();
  return (
    <Pages<ConversionOut> path={`/v1/sites/${site.site_id}/conversions`} empty={(
          <Empty title="No conversion yet"><p>A conversion is an event that this site counts as a goal. <a href={hrefOf('install')}>Check the installation</a>, or <a href={hrefOf('site-settings')}>choose other goals</a>.</p></Empty>
        )}>{(items) => <Table items={items} />}</Pages>
  );
}

function Table({ items }: { items: readonly ConversionOut[] }) {
  const { site } = useView();
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label="Conversions">
      <table class="table-cards" role="table">
        <caption class="quiet">Conversions, newest first</caption>
        <thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Conversion</th><th role="columnheader" scope="col">When<Term about={t('By the clock of {zone}.', { zone: site.timezone })}>{null}</Term></th><th role="columnheader" scope="col">Order</th><th role="columnheader" scope="col">Person</th><th role="columnheader" scope="col" class="number">Value</th></tr></thead>
        <tbody role="rowgroup">{items.map((one) => (
          <tr role="row" key={one.conversion_id}>
            <th role="rowheader" scope="row"><a class="row-link" href={hrefOf('conversion', { id: one.conversion_id })}><Name>{one.name}</Name></a>{' '}
              {!one.verified && <Term about="Only a page reported it. A server’s report of the same order would confirm it."><Badge look="warn">Not confirmed</Badge></Term>}</th>
            <td role="cell" data-label="When"><When at={one.occurred_at} /></td>
            <td role="cell" data-label="Order">{one.order_id ? <Name>{one.order_id}</Name> : '–'}</td>
            <td role="cell" data-label="Person"><a href={hrefOf('journey', { customer: one.customer_id })}>{`…${one.customer_id.slice(-6)}`}</a></td>
            <td role="cell" data-label="Value" class="number">{money(one.value_micros, one.currency || site.currency)}</td>
          </tr>
        ))}</tbody>
      </table>
    </div>
  );
}
