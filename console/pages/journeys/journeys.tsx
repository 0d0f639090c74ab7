// {"title": "Journeys", "menu": "People", "order": 10, "site": true, "needs": "customers:read", "params": {"status": ["IN_PROGRESS", "CONVERTED", "ABANDONED"]}, "words": "customers people paths abandoned find person e-mail user id phone"}
/** Journeys, the one that moved last first: from the first touch to a conversion, or to silence. */

import { go, hrefOf, setParams, useAddress } from '../../shared/address';
import { ask, withParams } from '../../shared/api';
import { colourOf } from '../../shared/chart-scale';
import { count, money } from '../../shared/format';
import { Actions, Field, Form, Row, Submit } from '../../shared/form';
import { Badge, Card, Empty, Term, When } from '../../shared/pieces';
import { Pages } from '../../shared/paged';
import { PageHead } from '../../shared/report';
import { useView } from '../../shared/view';
import { t } from '../../shared/words';
import type { CustomerOut, JourneySummaryOut } from '../../types';

const STATUS: Record<string, readonly [text: string, look: string, about: string]> = {
  IN_PROGRESS: ['In progress', '', 'It has touches and no conversion yet.'],
  CONVERTED: ['Converted', 'good', 'It ended in a conversion.'],
  ABANDONED: ['Abandoned', 'plain', 'Nothing happened for the days that the site sets, 30 if it sets none.'],
};

export default function Journeys() {
  const { site } = useView();
  const url = useAddress();
  const status = url.searchParams.get('status') ?? '';
  return (
    <>
      <PageHead title="Journeys" about="A journey is a person’s way from the first touch to a conversion. Open one to see every visit and event." />
      <div class="tabs" role="group" aria-label="Status">
        {[['', 'All'], ...Object.entries(STATUS).map(([name, [text]]) => [name, text] as const)].map(([name, text]) => (
          <button key={name} type="button" aria-current={name === status ? 'true' : undefined} onClick={() => setParams({ status: name || null })}>{text}</button>
        ))}
      </div>
      <Card>
        <Form class="find" label="Find a person" onSend={async ({ identifier }) => {
          const found = await ask<CustomerOut>('POST', `/v1/sites/${site.site_id}/customers/identifiers/find`, { identifier });
          go(hrefOf('journey', { customer: found.customer_id, status: null }));
        }}>
          <Row><Field name="identifier" label="E-mail, user id or phone number" required maxLength={200} hint="As your shop knows it. Optiq keeps only a hash of it." /></Row>
          <Actions><Submit look="second">Find the person</Submit></Actions>
        </Form>
        <Pages<JourneySummaryOut> key={status} path={withParams(`/v1/sites/${site.site_id}/journeys`, { status })} empty={(
          <Empty title={status ? 'No journey of this kind' : 'No journey yet'}><p>{status ? 'Choose another status.' : <>A journey begins with the first visit. <a href={hrefOf('install')}>Check the installation</a>.</>}</p></Empty>
        )}>{(items) => (
          <div class="scroll" tabIndex={0} role="group" aria-label="Journeys">
            <table class="table-cards" role="table">
              <caption class="quiet">Journeys, the one that moved last first</caption>
              <thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Person</th><th role="columnheader" scope="col">Status</th><th role="columnheader" scope="col">First and last channel</th>
                <th role="columnheader" scope="col" class="number">Touches</th><th role="columnheader" scope="col" class="number">Value</th><th role="columnheader" scope="col">Last seen<Term about={t('By the clock of {zone}.', { zone: site.timezone })}>{null}</Term></th></tr></thead>
              <tbody role="rowgroup">{items.map((one) => (
                <tr role="row" key={`${one.customer_id} ${one.started_at}`}>
                  <th role="rowheader" scope="row"><a class="row-link" href={hrefOf('journey', { customer: one.customer_id, status: null })}>{`…${one.customer_id.slice(-6)}`}</a></th>
                  <td role="cell" data-label="Status"><Term about={STATUS[one.status]?.[2] ?? ''}><Badge look={STATUS[one.status]?.[1]}>{STATUS[one.status]?.[0] ?? one.status}</Badge></Term></td>
                  <td role="cell" data-label="Channels"><Channel name={one.first_channel} /> {one.last_channel !== one.first_channel && <>→ <Channel name={one.last_channel} /></>}</td>
                  <td role="cell" data-label="Touches" class="number">{count(one.touches)}</td>
                  <td role="cell" data-label="Value" class="number">{one.status === 'CONVERTED' ? money(one.value_micros, one.currency || site.currency) : '–'}</td>
                  <td role="cell" data-label="Last seen"><When at={one.last_activity_at} /></td>
                </tr>
              ))}</tbody>
            </table>
          </div>
        )}</Pages>
      </Card>
    </>
  );
}

const Channel = ({ name }: { name: string }) => (name ? <span class={`c${colourOf(name)}`}><i class="key" /> {name}</span> : <span class="soft">no touch</span>);
