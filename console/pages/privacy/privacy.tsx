// {"title": "Privacy requests", "menu": "Organization", "order": 65, "needs": "privacy:read", "params": {"request": []}, "words": "GDPR erasure access anonymise delete a person data protection officer certificate"}
/** What people ask about their data: entered, verified, worked on, and proved. */

import { useState } from 'preact/hooks';
import { useKept } from '../../shared/address';
import { ask } from '../../shared/api';
import { Actions, Area, Choice, Form, Submit } from '../../shared/form';
import { count } from '../../shared/format';
import { Badge, Button, Card, Empty, Facts, Line, Lines, Notice, When } from '../../shared/pieces';
import { Pages } from '../../shared/paged';
import { PageHead } from '../../shared/report';
import { useSession } from '../../shared/session';
import { isSure, say } from '../../shared/toast';
import type { PersonRequestOut } from '../../types';

const PATH = '/v1/privacy/requests';
const KINDS = { ACCESS: 'Give out the data', ERASE: 'Erase the person', ANONYMISE: 'Make the person anonymous' };
const STATES = { RECEIVED: 'Not verified', VERIFIED: 'Stopped or waiting', RUNNING: 'At work', DONE: 'Done', REFUSED: 'Refused' };

export default function Privacy() {
  const { may } = useSession();
  const [round, setRound] = useState(0);
  const again = () => setRound(round + 1);
  return (
    <>
      <PageHead title="Privacy requests" about="A person asks for their data, or that it goes. You verify who asks; Optiq finds it everywhere, and proves what it did." />
      <Card title="Requests">
        <Pages<PersonRequestOut> key={round} path={PATH} empty={<Empty title="No request yet"><p>Enter one when a person writes to you.</p></Empty>}>{(items) => (
          <Lines>{items.map((one) => <RequestLine key={one.request_id} one={one} again={again} />)}</Lines>
        )}</Pages>
      </Card>
      {may('privacy:write') && <Entering again={again} />}
    </>
  );
}

function Entering({ again }: { again: () => void }) {
  const send = async (fields: Record<string, string>, form: HTMLFormElement) => {
    const identifiers = (fields.identifiers ?? '').split('\n').map((line) => line.trim()).filter(Boolean);
    await ask('POST', PATH, { kind: fields.kind, identifiers });
    form.reset();
    say('The request is entered. Verify the person next.');
    again();
  };
  return (
    <Card title="Enter a request">
      <Form onSend={send}>
        <Choice name="kind" label="What the person asks for" options={Object.entries(KINDS)} value="ACCESS" />
        <Area name="identifiers" label="Identifiers, one a line" hint="E-mail, user id, phone number or device id, as your shop knows them. They are kept sealed until the request is answered." />
        <Actions><Submit>Enter the request</Submit></Actions>
      </Form>
    </Card>
  );
}

function RequestLine({ one, again }: { one: PersonRequestOut; again: () => void }) {
  const { may } = useSession();
  const [shown, show] = useKept('request');
  const open = shown === one.request_id;
  const own = `${PATH}/${one.request_id}`;
  const waits = one.status === 'RECEIVED' || one.status === 'VERIFIED';
  const verify = async () => {
    if (one.kind !== 'ACCESS' && !(await isSure('Is this the person? What is erased cannot be brought back.', KINDS[one.kind]))) return;
    await ask('PATCH', own, { status: 'VERIFIED', version: one.version });
    say('Optiq is at work. This takes a minute or more.');
    again();
  };
  const refuse = async (fields: Record<string, string>) => {
    await ask('PATCH', own, { status: 'REFUSED', reason: fields.reason, version: one.version });
    say('The request is refused.');
    again();
  };
  return (
    <>
      <Line what={<>{KINDS[one.kind]} <Badge look={one.status === 'DONE' ? 'good' : 'plain'}>{STATES[one.status]}</Badge></>}
        small={<>{one.request_id}, entered <When at={one.created_at} />, due <When at={one.due_at} /></>}>
        <Button onPress={() => show(open ? '' : one.request_id)}>Details</Button>
        {waits && may('privacy:write') && <Button onPress={verify}>{one.status === 'VERIFIED' ? 'Begin again' : 'The person is verified'}</Button>}
        {one.kind === 'ACCESS' && one.status === 'DONE' && <a class="button second short" href={`${own}/export`} download={`${one.request_id}.zip`}>Download</a>}
      </Line>
      {open && (
        <li class="numbers">
          <Certificate one={one} />
          {waits && may('privacy:write') && (
            <Form onSend={refuse}>
              <Area name="reason" label="Why it is refused" rows={2} />
              <Actions><Submit look="second">Refuse</Submit></Actions>
            </Form>
          )}
        </li>
      )}
    </>
  );
}

/** What was found, and what a last search found; it can be printed. */
function Certificate({ one }: { one: PersonRequestOut }) {
  const tables = [...new Set([...Object.keys(one.before), ...Object.keys(one.after)])].sort();
  const proves = one.kind !== 'ACCESS' && one.status === 'DONE';
  return (
    <>
      {one.reason && <Notice look="bad">{one.reason}</Notice>}
      <Facts facts={[
        ['Identifiers given', count(one.identifiers)], ['Identifiers found', count(one.customers)],
        ['Verified', one.verified_at ? <When at={one.verified_at} /> : '–'], ['Done', one.done_at ? <When at={one.done_at} /> : '–'],
        ...(one.export_until_at ? [['Download until', <When at={one.export_until_at} />] as [string, preact.ComponentChildren]] : []),
      ]} />
      {tables.length > 0 && (
        <table>
          <caption class="small soft">{proves ? 'Certificate: rows that were the person’s, and that a last search of every table found' : 'Rows that are the person’s'}</caption>
          <thead><tr><th scope="col">Table</th><th scope="col" class="number">Found</th>{proves && <th scope="col" class="number">Left</th>}</tr></thead>
          <tbody>{tables.map((table) => (
            <tr key={table}><th scope="row">{table}</th><td class="number">{count(one.before[table] ?? 0)}</td>{proves && <td class="number">{count(one.after[table] ?? 0)}</td>}</tr>
          ))}</tbody>
        </table>
      )}
    </>
  );
}
