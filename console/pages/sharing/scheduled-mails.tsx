// {"title": "Scheduled mails", "menu": "Settings", "order": 75, "site": true, "needs": "schedules:write", "params": {"thing": [], "history": []}, "words": "weekly report e-mail digest Monday subscription"}
/** Mails that bring a dashboard or a view to members every day, week or month; and what became of each. */

import { useState } from 'preact/hooks';
import { ScheduleForm, whenText, type Thing } from '../../parts/schedule-form';
import { hrefOf, useAddress, useKept } from '../../shared/address';
import { ask, askAll, sentence } from '../../shared/api';
import { useAsked, useGet } from '../../shared/asking';
import { Pages } from '../../shared/paged';
import { Badge, Button, Card, Empty, Line, Lines, Loaded, Name, When } from '../../shared/pieces';
import { PageHead } from '../../shared/report';
import { useSession } from '../../shared/session';
import { isSure, say } from '../../shared/toast';
import { useView } from '../../shared/view';
import { dayText } from '../../shared/days';
import { plural, t } from '../../shared/words';
import type { DashboardOut, MailRunOut, MailRunsOut, MailScheduleOut, MemberOut, SiteOut, ViewOut } from '../../types';

const STATUS: Record<MailRunOut['status'], readonly [text: string, look: string]> = {
  WAITING: ['Waits', 'warn'], SENT: ['Sent', 'good'], EMPTY: ['Nothing to report', 'plain'], FAILED: ['Failed', 'bad'], MISSED: ['Missed', 'warn'],
};

export default function ScheduledMails() {
  const { site } = useView();
  const [round, setRound] = useState(0);
  const path = `/v1/sites/${site.site_id}/scheduled-mails`;
  return (
    <>
      <PageHead title="Scheduled mails" about="A dashboard or a view as a mail, every day, week or month. Each recipient can end it by a link in the mail." />
      <Card>
        <Pages<MailScheduleOut> key={`${path} ${round}`} path={path} empty={<Empty title="No scheduled mail yet"><p>For example the numbers of the week, each Monday at 8.</p></Empty>}>{(items, again) => (
          <Lines>{items.map((one) => <Schedule key={one.schedule_id} one={one} path={path} again={again} />)}</Lines>
        )}</Pages>
      </Card>
      <Scheduling site={site} path={path} done={() => setRound(round + 1)} />
    </>
  );
}

function Schedule({ one, path, again }: { one: MailScheduleOut; path: string; again: () => void }) {
  const [open, setOpen] = useKept('history');
  const own = `${path}/${one.schedule_id}`;
  const isOpen = open === one.schedule_id;
  const turn = async () => {
    await ask('PATCH', own, { active: !one.active, version: one.version });
    say(one.active ? 'The mail is paused.' : 'The mail goes out again.');
    again();
  };
  const remove = async () => {
    if (!(await isSure(t('Remove the scheduled mail {name}?', { name: one.name }), 'Remove'))) return;
    await ask('DELETE', own);
    say('The scheduled mail is removed.');
    again();
  };
  return (
    <>
      <Line what={<><Name>{one.name}</Name> {!one.active && <Badge look="warn">Paused</Badge>}</>}
        small={<>{whenText(one)} ({one.timezone}), {plural(one.recipients.length, { one: 'to {n} person', other: 'to {n} people' })}
          {one.unsubscribed.length > 0 && plural(one.unsubscribed.length, { one: ', {n} ended it', other: ', {n} ended it' })}{one.due_at && one.active && <>; next <When at={one.due_at} /></>}</>}>
        <Button onPress={() => setOpen(isOpen ? '' : one.schedule_id)} label={t('History of {name}', { name: one.name })}>History</Button>
        <Button onPress={turn} label={t(one.active ? 'Pause {name}' : 'Resume {name}', { name: one.name })}>{one.active ? 'Pause' : 'Resume'}</Button>
        <Button onPress={remove} label={t('Remove {name}', { name: one.name })}>Remove</Button>
      </Line>
      {isOpen && <li class="numbers"><Runs path={`${own}/runs`} /></li>}
    </>
  );
}

function Runs({ path }: { path: string }) {
  const found = useGet<MailRunsOut>(path);
  return (
    <Loaded of={found}>{({ runs }) => (runs.length ? (
      <ul class="lines">{runs.map((run) => (
        <li key={run.day}><div class="what">{dayText(run.day, 'day', 'long')}<small>{run.status === 'SENT' ? plural(run.sent, { one: '{n} mail', other: '{n} mails' }) : run.reason && sentence(run.reason)}</small></div>
          <Badge look={STATUS[run.status][1]}>{STATUS[run.status][0]}</Badge></li>
      ))}</ul>
    ) : <p class="nothing">Nothing was due yet.</p>)}</Loaded>
  );
}

function Scheduling({ site, path, done }: { site: SiteOut; path: string; done: () => void }) {
  const { me } = useSession();
  const [made, setMade] = useState(0);
  const chosen = useAddress().searchParams.get('thing') ?? '';
  const base = `/v1/sites/${site.site_id}`;
  const known = useAsked<{ things: Thing[]; members: MemberOut[] }>(`things of ${site.site_id}`, async () => {
    const [boards, views, members] = await Promise.all([
      askAll<DashboardOut>(`${base}/dashboards?limit=100`), askAll<ViewOut>(`${base}/views?limit=100`), askAll<MemberOut>('/v1/members'),
    ]);
    return { members, things: [
      ...boards.map((one): Thing => ({ kind: 'DASHBOARD', id: one.dashboard_id, name: one.name })),
      ...views.filter(({ kind }) => kind !== 'SEGMENT').map((one): Thing => ({ kind: 'VIEW', id: one.view_id, name: one.name })),
    ] };
  });
  return (
    <Card title="Schedule a mail">
      <Loaded of={known} rows={5}>{({ things, members }) => (things.length ? (
        <ScheduleForm key={`${chosen} ${made}`} things={things} members={members} me={me.user_id} zone={site.timezone} chosen={chosen} send={async (asked) => {
          await ask('POST', path, asked);
          say('The mail is scheduled.');
          setMade(made + 1);
          done();
        }} />
      ) : <Empty title="Nothing to send yet"><p>A mail brings a report that you saved. Open <a href={hrefOf('channels')}>Channels</a> or another report, and press “Save view”. Or create a <a href={hrefOf('dashboards')}>dashboard</a>.</p></Empty>)}</Loaded>
    </Card>
  );
}
