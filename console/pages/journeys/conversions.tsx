// {"title": "Conversions", "menu": "People", "order": 20, "site": true, "needs": "reports:read", "params": {"cursor": []}, "words": "orders sales goals refunds"}
/** Conversions, newest first; each leads to its path and credit. */

import { hrefOf } from '../../shared/address';
import { money } from '../../shared/format';
import { Badge, Card, Empty, Term, When } from '../../shared/pieces';
import { Pages } from '../../shared/paged';
import { PageHead } from '../../shared/report';
import { useView } from '../../shared/view';
import type { ConversionOut } from '../../types';

export default function Conversions() {
  const { site } = useView();
  return (
    <>
      <PageHead title="Conversions" about="Each sale, sign-up or other goal, newest first. Open one to see its path and who got the credit." />
      <Card>
        <Pages<ConversionOut> path={`/v1/sites/${site.site_id}/conversions`} empty={(
          <Empty title="No conversion yet"><p>A conversion is an event that this site counts as a goal. <a href={hrefOf('install')}>Check the installation</a>, or <a href={hrefOf('site-settings')}>choose other goals</a>.</p></Empty>
        )}>{(items) => (
          <div class="scroll" tabIndex={0} role="group" aria-label="Conversions">
            <table class="table-cards" role="table">
              <caption class="quiet">Conversions, newest first</caption>
              <thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Conversion</th><th role="columnheader" scope="col">When</th><th role="columnheader" scope="col">Order</th><th role="columnheader" scope="col">Person</th><th role="columnheader" scope="col" class="number">Value</th></tr></thead>
              <tbody role="rowgroup">{items.map((one) => (
                <tr role="row" key={one.conversion_id}>
                  <th role="rowheader" scope="row"><a class="row-link" href={hrefOf('conversion', { id: one.conversion_id })}>{one.name}</a>{' '}
                    {!one.verified && <Term about="Only a page reported it. A server’s report of the same order would confirm it."><Badge look="warn">Not confirmed</Badge></Term>}</th>
                  <td role="cell" data-label="When"><When at={one.occurred_at} /></td>
                  <td role="cell" data-label="Order">{one.order_id || '–'}</td>
                  <td role="cell" data-label="Person"><a href={hrefOf('journey', { customer: one.customer_id })}>{`…${one.customer_id.slice(-6)}`}</a></td>
                  <td role="cell" data-label="Value" class="number">{money(one.value_micros, one.currency || site.currency)}</td>
                </tr>
              ))}</tbody>
            </table>
          </div>
        )}</Pages>
      </Card>
    </>
  );
}
