/** The form of a scheduled mail: what, how often, when, to whom. */

import { useState } from 'preact/hooks';
import { PERIODS } from '../shared/days';
import { Actions, Check, Choice, Field, Form, Row, Submit, checkedOf, type Option } from '../shared/form';
import { isolated } from '../shared/words';
import type { MailScheduleIn, MailScheduleOut, MemberOut } from '../types';

export interface Thing { kind: MailScheduleIn['kind']; id: string; name: string }

const WEEKDAYS = Array.from({ length: 7 }, (_, at): Option => (
  [String(at + 1), new Date(Date.UTC(2024, 0, 1 + at)).toLocaleDateString(undefined, { weekday: 'long', timeZone: 'UTC' })]
));
const HOURS = Array.from({ length: 24 }, (_, hour): Option => [String(hour), new Date(Date.UTC(2024, 0, 1, hour)).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' })]);
const EVERY: Option[] = [['DAY', 'Every day'], ['WEEK', 'Every week'], ['MONTH', 'Every month']];
const PERIOD_OF: Record<string, string> = { DAY: 'yesterday', WEEK: 'the week before', MONTH: 'the month before' };

/** `Every Monday at 08:00` */
export function whenText(one: Pick<MailScheduleOut, 'every' | 'weekday' | 'month_day' | 'hour'>): string {
  const hour = HOURS[one.hour]?.[1] ?? '';
  if (one.every === 'DAY') return `Every day at ${hour}`;
  if (one.every === 'WEEK') return `Every ${WEEKDAYS[one.weekday - 1]?.[1] ?? ''} at ${hour}`;
  return `On day ${one.month_day} of each month at ${hour}`;
}

interface Props { things: readonly Thing[]; members: readonly MemberOut[]; me: string; zone: string; chosen: string; send: (asked: MailScheduleIn) => Promise<unknown> }

export function ScheduleForm({ things, members, me, zone, chosen, send }: Props) {
  const [every, setEvery] = useState('WEEK');
  const keyOf = ({ kind, id }: Thing) => `${kind} ${id}`;
  const [thing, setThing] = useState(things.some((one) => keyOf(one) === chosen) ? chosen : '');
  const subject = (things.find((one) => keyOf(one) === thing) ?? things[0])?.name ?? '';
  return (
    <Form onSend={async (fields, form) => {
      const [kind = '', id = ''] = (fields.thing ?? '').split(' ');
      await send({
        name: fields.name ?? '', kind: kind as 'VIEW', shared_id: id, every: every as 'WEEK', hour: Number(fields.hour), recipients: checkedOf(form, 'recipients'),
        timezone: fields.timezone ?? zone, period: fields.period ?? '', attach_csv: fields.attach_csv === 'on', skip_empty: fields.skip_empty === 'on',
        ...(every === 'WEEK' ? { weekday: Number(fields.weekday) } : {}), ...(every === 'MONTH' ? { month_day: Number(fields.month_day) } : {}),
      });
    }}>
      <Row>
        <Choice name="thing" label="What" value={thing} onPick={setThing} options={things.map((one): Option => [keyOf(one), one.kind === 'DASHBOARD' ? `Dashboard: ${isolated(one.name)}` : isolated(one.name)])} />
        <Field key={thing} name="name" label="Subject" required maxLength={100} defaultValue={subject} />
      </Row>
      <Row>
        <Choice name="every" label="How often" value={every} options={EVERY} onPick={setEvery} />
        {every === 'WEEK' && <Choice name="weekday" label="On" value="1" options={WEEKDAYS} />}
        {every === 'MONTH' && <Field name="month_day" label="On day" type="number" min={1} max={31} required defaultValue={1} hint="31: the last day of shorter months." />}
        <Choice name="hour" label="At" value="8" options={HOURS} />
        <Field name="timezone" label="Time zone" required defaultValue={zone} hint="Such as Europe/Berlin." />
      </Row>
      <Choice name="period" label="Numbers of" options={[['', PERIOD_OF[every] ?? ''], ...Object.entries(PERIODS).map(([name, text]): Option => [name, text])]} />
      <fieldset><legend>To</legend>
        <div class="checks">{members.map((one) => (
          <label key={one.user_id}><input type="checkbox" name="recipients" value={one.user_id} defaultChecked={one.user_id === me} /> {isolated(one.name || one.email || one.user_id)}</label>
        ))}</div>
      </fieldset>
      <Check name="attach_csv" label="Attach the tables as CSV" checked />
      <Check name="skip_empty" label="Send nothing when there is nothing to report" />
      <Actions><Submit>Schedule the mail</Submit></Actions>
    </Form>
  );
}
