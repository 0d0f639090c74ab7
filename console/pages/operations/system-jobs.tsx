// {"title": "Background work", "menu": "Staff", "order": 30, "needs": "staff", "params": {"status": ["FAILED", "RUNNING", "QUEUED", "WAITING", "SUCCEEDED", "CANCELLED"], "organization": []}, "words": "jobs queue retry batches failed"}
/** Work in the background of every organization: what failed, why, and another try. */

import { useState } from 'preact/hooks';
import { useKept } from '../../shared/address';
import { ask, withParams } from '../../shared/api';
import { useGet } from '../../shared/asking';
import { count } from '../../shared/format';
import { Pages } from '../../shared/paged';
import { Pick } from '../../shared/pick';
import { Badge, Button, Card, Empty, Line, Lines, Loaded, Name, When } from '../../shared/pieces';
import { PageHead } from '../../shared/report';
import { say } from '../../shared/toast';
import { plural, t } from '../../shared/words';
import type { BackgroundJobOut, BatchesOut } from '../../types';

const STATES: Record<BackgroundJobOut['status'], readonly [text: string, look: string]> = {
  QUEUED: ['Queued', 'plain'], RUNNING: ['Running', 'plain'], WAITING: ['Waits', 'warn'], SUCCEEDED: ['Done', 'good'], FAILED: ['Failed', 'bad'], CANCELLED: ['Stopped', 'plain'],
};
const CHOICES = [['', 'All'], ...(['FAILED', 'RUNNING', 'QUEUED', 'WAITING', 'SUCCEEDED', 'CANCELLED'] as const).map((one) => [one, STATES[one][0]] as const)] as const;
const OPEN = ['QUEUED', 'RUNNING', 'WAITING'];

export default function SystemJobs() {
  const [status, setState] = useKept('status');
  const [organization] = useKept('organization');
  const [round, setRound] = useState(0);
  return (
    <>
      <PageHead title="Background work" about="Credits that are computed again, and advertising accounts that are read. A failed job can be run again: once, however often you press." />
      <Card title="Jobs" aside={<Pick name="State" value={status} options={CHOICES} onPick={setState} />}>
        <Pages<BackgroundJobOut> key={`${status} ${organization} ${round}`} path={withParams('/v1/operator/jobs', { status: status || null, organization_id: organization || null })}
          empty={<Empty title="No job"><p>Of the latest 50 of each organization and kind, none is in this status.</p></Empty>}>{(items) => (
          <Lines>{items.map((one) => <Job key={one.job_id} one={one} again={() => setRound(round + 1)} />)}</Lines>
        )}</Pages>
      </Card>
      <Batches />
    </>
  );
}

function Job({ one, again }: { one: BackgroundJobOut; again: () => void }) {
  const act = (what: 'RETRY' | 'CANCEL', said: string) => async () => {
    await ask('PATCH', '/v1/operator/jobs', { organization_id: one.organization_id, kind: one.kind, job_id: one.job_id, act: what });
    say(said);
    again();
  };
  return (
    <Line what={<><Badge look={STATES[one.status][1]}>{STATES[one.status][0]}</Badge> <Name>{one.about}</Name></>}
      small={<>
        <Name>{one.organization_id}</Name>, created <When at={one.created_at} />{one.parts > 0 && t(', {done} of {parts} parts', { done: count(one.parts_done), parts: count(one.parts) })}
        {one.attempts.length > 1 && plural(one.attempts.length, { one: ', {n} attempt', other: ', {n} attempts' })}
        {one.reason && <>. <Name>{one.reason}</Name></>}
        {one.attempts.slice(0, -1).map((each) => <span key={each.number}><br />{t('Attempt {n}', { n: String(each.number) })}: {STATES[each.status][0]}{each.reason && <>, <Name>{each.reason}</Name></>}</span>)}
      </>}>
      {one.status === 'FAILED' && <Button label={t('Run again: {about}', { about: one.about })} onPress={act('RETRY', 'The job runs again.')}>Run again</Button>}
      {OPEN.includes(one.status) && <Button label={t('Stop: {about}', { about: one.about })} onPress={act('CANCEL', 'The job is stopped.')}>Stop</Button>}
    </Line>
  );
}

function Batches() {
  const found = useGet<BatchesOut>('/v1/operator/batches');
  return (
    <Card title="Started together" about="What the clock started at once, such as the credits of a night.">
      <Loaded of={found}>{({ items }) => (items.length ? (
        <Lines>{items.map((one) => (
          <Line key={one.batch_id} what={<>{one.failed > 0 ? <Badge look="bad">{count(one.failed)} failed</Badge> : one.pending > 0 ? <Badge>Running</Badge> : <Badge look="good">Done</Badge>} <Name>{one.batch_id}</Name></>}
            small={<>{plural(one.total, { one: '{n} job', other: '{n} jobs' })}, {count(one.pending)} pending{one.finished_at && <>, finished <When at={one.finished_at} /></>}</>} />
        ))}</Lines>
      ) : <Empty><p>Nothing was started together yet.</p></Empty>)}</Loaded>
    </Card>
  );
}
