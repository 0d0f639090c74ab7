// {"title": "Notifications", "menu": "Organization", "order": 67, "words": "preferences mail digest quiet hours inbox alerts unsubscribe"}
/** What a person is notified of, where and when; and for administrators, what whoever has chosen nothing is. */

import { hrefOf } from '../../shared/address';
import { ask } from '../../shared/api';
import { useGet } from '../../shared/asking';
import { NoOrganization } from '../../shared/beginnings';
import { Actions, Choice, Field, Form, Row, Submit, type Fields } from '../../shared/form';
import { Card, Loaded } from '../../shared/pieces';
import { PageHead } from '../../shared/report';
import { useSession } from '../../shared/session';
import { say } from '../../shared/toast';
import type { NotificationKindOut, NotificationPreferencesIn, NotificationPreferencesOut, NotificationWayOut } from '../../types';

const CHANGED = { 409: 'These settings were changed elsewhere at the same time. Reload the page and try again.' };
const WAYS: Record<NotificationWayOut['way'], string> = { INBOX: 'In the console', MAIL: 'By mail' };
const TIMINGS: Record<NotificationWayOut['way'], readonly (readonly [NotificationWayOut['timing'], string])[]> = {
  INBOX: [['AT_ONCE', 'Yes'], ['OFF', 'No']],
  MAIL: [['AT_ONCE', 'At once'], ['DIGEST', 'Once a day, at 08:00'], ['OFF', 'Never']],
};

export default function Notifications() {
  const { current, may } = useSession();
  if (!current) return <NoOrganization />;
  return (
    <>
      <PageHead title="Notifications" about={<>What you are notified of in this organization. Critical messages never wait; informative ones come once a day. {may('message_channels:read') && <><a href={hrefOf('message-channels')}>Slack and webhooks</a> have a page of their own.</>}</>} />
      <Preferences path="/v1/notification-preferences" title="For you" about="Mail about your account, such as a changed password, always comes." />
      {may('notifications:write') && <Preferences path="/v1/notification-defaults" title="For whoever has chosen nothing" about="Members who have not chosen get messages so." common />}
    </>
  );
}

function Preferences({ path, title, about, common = false }: { path: string; title: string; about: string; common?: boolean }) {
  const found = useGet<NotificationPreferencesOut>(path);
  return (
    <Card title={title} about={about}>
      <Loaded of={found} rows={5}>{(one) => <Editing key={one.version} one={one} path={path} again={found.again} common={common} />}</Loaded>
    </Card>
  );
}

function Editing({ one, path, again, common }: { one: NotificationPreferencesOut; path: string; again: () => void; common: boolean }) {
  const save = async (fields: Fields) => {
    const choices = one.ways
      .map(({ kind, way }) => ({ kind, way, timing: fields[`${kind} ${way}`] as NotificationWayOut['timing'] | '' }))
      .flatMap(({ kind, way, timing }) => (timing ? [{ kind, way, timing }] : []));
    const { timezone = '', quiet_from: from = '', quiet_until: until = '' } = fields;
    const body: NotificationPreferencesIn = { choices, timezone, quiet_from: from, quiet_until: until, version: one.version };
    await ask('PUT', path, body);
    say('The notifications are saved.');
    again();
  };
  return (
    <Form class="wide" words={CHANGED} onSend={save}>
      {one.kinds.map((kind) => <Kind key={kind.name} kind={kind} ways={one.ways.filter((way) => way.kind === kind.name)} common={common} />)}
      <p class="soft small">{common ? 'Quiet hours, in which only critical mail comes. Empty: those of the site, and its timezone.' : 'Quiet hours, in which only critical mail comes; the rest waits and becomes one. Empty: as your organization and the site say.'}</p>
      <Row>
        <Field name="quiet_from" label="Quiet from" type="time" defaultValue={one.quiet_from} />
        <Field name="quiet_until" label="Quiet until" type="time" defaultValue={one.quiet_until} />
        <Field name="timezone" label="Timezone" defaultValue={one.timezone} placeholder="Europe/Berlin" list={`timezones-${common ? 'common' : 'own'}`} />
      </Row>
      <datalist id={`timezones-${common ? 'common' : 'own'}`}>{Intl.supportedValuesOf('timeZone').map((zone) => <option key={zone} value={zone} />)}</datalist>
      <Actions><Submit>Save the notifications</Submit></Actions>
    </Form>
  );
}

function Kind({ kind, ways, common }: { kind: NotificationKindOut; ways: NotificationWayOut[]; common: boolean }) {
  const usual = common ? 'As usual' : 'As the organization says';
  return (
    <fieldset><legend>{kind.what.charAt(0).toUpperCase() + kind.what.slice(1)}</legend>
      <Row>{ways.map((way) => {
        const options = TIMINGS[way.way].filter(([timing]) => timing !== 'OFF' || !kind.mandatory);
        const effective = TIMINGS[way.way].find(([timing]) => timing === way.timing)?.[1] ?? way.timing;
        return <Choice key={way.way} name={`${kind.name} ${way.way}`} label={WAYS[way.way]} value={way.chosen ?? ''} options={[['', way.chosen ? usual : `${usual}: ${effective.toLowerCase()}`], ...options]} />;
      })}</Row>
    </fieldset>
  );
}
