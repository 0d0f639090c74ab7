// {"title": "Status and settings", "menu": "Staff", "order": 10, "needs": "staff", "words": "uptime incidents heartbeat system settings staff"}
/** What customers see on the status page, incidents, settings of the system, and staff. */

import { useState } from 'preact/hooks';
import { ask } from '../../shared/api';
import { useGet } from '../../shared/asking';
import { Actions, Choice, Field, Form, Row, Submit } from '../../shared/form';
import { Badge, Button, Card, Empty, Line, Lines, Loaded, Name, When } from '../../shared/pieces';
import { PageHead } from '../../shared/report';
import { isSure, say } from '../../shared/toast';
import { t } from '../../shared/words';
import type { IncidentOut, IncidentsOut, SettingsOut, StaffOut, SystemSettingOut } from '../../types';

interface StatusData { as_of: string; components: { component: string; name: string; works: boolean; uptime_30_days_percent: number; uptime_90_days_percent: number }[] }

const STATES: Record<IncidentOut['status'], readonly [text: string, look: string]> = {
  INVESTIGATING: ['Looked into', 'bad'], IDENTIFIED: ['Cause known', 'warn'], MONITORING: ['Watched', 'warn'], RESOLVED: ['Over', 'good'],
};

export default function SystemStatus() {
  return (
    <>
      <PageHead title="Status and settings" about={<>Customers see <a href="/status">the status page</a>. It is written every minute.</>} />
      <Components />
      <Incidents />
      <Settings />
      <Staff />
    </>
  );
}

function Components() {
  const found = useGet<StatusData>('/status/status.json');
  return (
    <Card title="Parts">
      <Loaded of={found}>{({ as_of: asOf, components }) => (
        <>
          <Lines>{components.map((one) => (
            <Line key={one.component} what={<><Badge look={one.works ? 'good' : 'bad'}>{one.works ? 'Works' : 'Out of order'}</Badge> {one.name}</>}
              small={t('30 days: {month} %, 90 days: {quarter} %', { month: one.uptime_30_days_percent.toFixed(3), quarter: one.uptime_90_days_percent.toFixed(3) })} />
          ))}</Lines>
          <p class="soft small">As of <When at={asOf} />.</p>
        </>
      )}</Loaded>
    </Card>
  );
}

function Incidents() {
  const found = useGet<IncidentsOut>('/v1/operator/incidents');
  const send = async (fields: Record<string, string>, form: HTMLFormElement) => {
    await ask('POST', '/v1/operator/incidents', fields);
    form.reset();
    say('Customers read it within a minute.');
    found.again();
  };
  return (
    <Card title="Incidents">
      <Loaded of={found}>{({ items }) => (items.length
        ? <Lines>{items.map((one) => <IncidentLine key={one.incident_id} one={one} again={found.again} />)}</Lines>
        : <Empty><p>None yet.</p></Empty>)}</Loaded>
      <h3>Tell of an incident</h3>
      <Form onSend={send}>
        <Field name="title" label="Title" required maxLength={200} placeholder="Events are credited late" />
        <Field name="text" label="What customers should know" required maxLength={2000} placeholder="We look for the cause. No event is lost." />
        <Actions><Submit>Tell customers</Submit></Actions>
      </Form>
    </Card>
  );
}

function IncidentLine({ one, again }: { one: IncidentOut; again: () => void }) {
  const [open, setOpen] = useState(false);
  const send = async (fields: Record<string, string>) => {
    await ask('PATCH', `/v1/operator/incidents/${one.incident_id}`, { ...fields, version: one.version });
    setOpen(false);
    again();
  };
  const last = one.updates.at(-1);
  return (
    <>
      <Line what={<><Badge look={STATES[one.status][1]}>{STATES[one.status][0]}</Badge> <Name>{one.title}</Name></>}
        small={<>since <When at={one.began_at} />{last && <>. <Name>{last.text}</Name></>}</>}>
        <Button label={t('Update: {title}', { title: one.title })} onPress={() => setOpen(!open)}>Update</Button>
      </Line>
      {open && (
        <li><Form onSend={send}>
          <Row>
            <Choice name="status" label="State" value={one.status} options={Object.entries(STATES).map(([value, [text]]) => [value, text] as const)} />
            <Field name="text" label="What is known now" required maxLength={2000} />
          </Row>
          <Actions><Submit>Tell customers</Submit></Actions>
        </Form></li>
      )}
    </>
  );
}

function Settings() {
  const found = useGet<SettingsOut>('/v1/operator/settings');
  return (
    <Card title="Settings of the system" about="Functions know of a change within 30 seconds. Every version is kept.">
      <Loaded of={found}>{({ items }) => <Lines>{items.map((one) => <SettingLine key={`${one.key} ${one.number}`} one={one} again={found.again} />)}</Lines>}</Loaded>
    </Card>
  );
}

function SettingLine({ one, again }: { one: SystemSettingOut; again: () => void }) {
  const isNumber = typeof one.value === 'number';
  const send = async ({ value }: Record<string, string>) => {
    await ask('PATCH', `/v1/operator/settings/${one.key}`, { value: isNumber ? Number(value) : value, number: one.number });
    say('The setting is changed.');
    again();
  };
  return (
    <li>
      <Form onSend={send}>
        <Row>
          <Field name="value" label={one.key} hint={`${one.description}${one.is_public ? ' (public)' : ''}`} defaultValue={String(one.value)} type={isNumber ? 'number' : 'text'} />
        </Row>
        <Actions><Submit look="second">Change</Submit></Actions>
      </Form>
    </li>
  );
}

function Staff() {
  const found = useGet<StaffOut>('/v1/operator/staff');
  const send = async (fields: Record<string, string>, form: HTMLFormElement) => {
    await ask('POST', '/v1/operator/staff', fields);
    form.reset();
    found.again();
  };
  const end = (user: string, email: string) => async () => {
    if (!(await isSure(t('Take {email} off the staff? They can work on for up to ten minutes.', { email }), 'Take off'))) return;
    await ask('PATCH', '/v1/operator/staff', { user_id: user });
    found.again();
  };
  return (
    <Card title="Staff" about="Users who may see these pages. They need two-factor sign-in; all they do is in the audit logs under their name.">
      <Loaded of={found}>{({ items }) => (
        <Lines>{items.map((one) => (
          <Line key={one.user_id} what={<><Name>{one.email}</Name> {one.ended_at && <Badge>Left</Badge>}</>} small={<>since <When at={one.added_at} /></>}>
            {!one.ended_at && <Button label={t('Take off the staff: {email}', { email: one.email })} onPress={end(one.user_id, one.email)}>Take off</Button>}
          </Line>
        ))}</Lines>
      )}</Loaded>
      <Form onSend={send}>
        <Row><Field name="email" label="E-mail of a user" type="email" required maxLength={320} /></Row>
        <Actions><Submit>Add to the staff</Submit></Actions>
      </Form>
    </Card>
  );
}
