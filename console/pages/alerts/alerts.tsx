// {"title": "Alerts", "menu": "Start", "order": 27, "site": true, "needs": "alerts:read", "params": {"alert": [], "status": ["TRIGGERED", "ACKNOWLEDGED", "RESOLVED", "DISMISSED"]}, "words": "bell anomaly warning drop spike acknowledge snooze"}
/** Alerts of a site: what happened, how bad it is, and who looks after it. */

import { useState } from 'preact/hooks';
import { AlertExplained } from '../../parts/alert-explained';
import { WiderThreshold } from '../../parts/wider-threshold';
import { go, hrefOf, useKept } from '../../shared/address';
import { ask, withParams } from '../../shared/api';
import { useGet } from '../../shared/asking';
import { plusDays, todayIn } from '../../shared/days';
import { Pages } from '../../shared/paged';
import { Pick } from '../../shared/pick';
import { Badge, Button, Card, Empty, Line, Lines, Loaded, Name, When } from '../../shared/pieces';
import { PageHead } from '../../shared/report';
import { useSession } from '../../shared/session';
import { say } from '../../shared/toast';
import { useView } from '../../shared/view';
import { plural, t } from '../../shared/words';
import type { AlertOut } from '../../types';

const STATUS: Record<AlertOut['status'], readonly [text: string, look: string]> = {
  PENDING: ['Waits', 'plain'], TRIGGERED: ['Open', 'bad'], ACKNOWLEDGED: ['Looked after', 'warn'], RESOLVED: ['Over', 'good'], DISMISSED: ['Dismissed', 'plain'],
};
const SEVERITY: Record<AlertOut['severity'], string> = { INFO: 'Info', WARNING: 'Warning', CRITICAL: 'Critical' };
const ENDING: Record<AlertOut['ending'], string> = {
  '': '', RECOVERED: 'It is back to usual.', RESTATED: 'The numbers of the day have changed.', LEVEL_CHANGED: 'The level has changed; it counts as usual from here on.',
  RULE_CHANGED: 'Its rule was changed, paused or removed.', DISCONNECTED: 'The connection is no more, or has no costs of this site.',
};
const STATUSES = [['', 'All'], ...(['TRIGGERED', 'ACKNOWLEDGED', 'RESOLVED', 'DISMISSED'] as const).map((one) => [one, STATUS[one][0]] as const)] as const;

export default function Alerts() {
  const { site } = useView();
  const [chosen] = useKept('alert');
  const [status, setStatus] = useKept('status');
  const [round, setRound] = useState(0);
  const changed = () => setRound(round + 1);
  const path = `/v1/sites/${site.site_id}/alerts`;
  return (
    <>
      <PageHead title="Alerts" about={<>What <a href={hrefOf('alert-rules')}>alert rules</a> found. Each alert says what happened, against what is usual.</>} />
      {chosen && <Chosen key={chosen} path={`${path}/${encodeURIComponent(chosen)}`} site={site.site_id} changed={changed} />}
      <Card title="All alerts" aside={<Pick name="Status" value={status} options={STATUSES} onPick={setStatus} />}>
        <Pages<AlertOut> key={`${path} ${status} ${round}`} path={withParams(path, { status: status || null })} empty={<Nothing filtered={Boolean(status)} />}>{(items, again) => (
          <Lines>{items.map((one) => <Alert key={one.alert_id} one={one} path={`${path}/${one.alert_id}`} again={again} isShown={chosen === one.alert_id} />)}</Lines>
        )}</Pages>
      </Card>
    </>
  );
}

const Nothing = ({ filtered }: { filtered: boolean }) => (filtered
  ? <Empty title="No alert of this status"><p>Choose another, or all.</p></Empty>
  : <Empty title="No alert yet"><p><a href={hrefOf('alert-rules')}>Write a rule</a>: it shows what it would have found in the last 90 days.</p></Empty>);

function Chosen({ path, site, changed }: { path: string; site: string; changed: () => void }) {
  const found = useGet<AlertOut>(path);
  const again = () => { found.again(); changed(); };
  return (
    <Card title="The alert"><Loaded of={found} rows={6} tall>{(one) => (
      <>
        <Lines><Alert one={one} path={path} again={again} /></Lines>
        {one.status === 'DISMISSED' && <WiderThreshold site={site} alert={one.alert_id} again={again} />}
        <AlertExplained alert={one} />
        <p class="soft small"><a href={hrefOf('alert-rules', { rule: one.rule_id })}>Change the rule</a>: see first what another threshold would have done in the last 90 days.</p>
      </>
    )}</Loaded></Card>
  );
}

/** One that is shown alone has its buttons there. */
function Alert({ one, path, again, isShown = false }: { one: AlertOut; path: string; again: () => void; isShown?: boolean }) {
  const { may } = useSession();
  const { site } = useView();
  const [chosen] = useKept('alert');
  const isChosen = chosen === one.alert_id;
  const tomorrow = `${plusDays(todayIn(site.timezone), 1)}T09:00`;
  const open = one.status === 'TRIGGERED' || one.status === 'ACKNOWLEDGED';
  const act = (how: string, said: string, body?: unknown) => async () => {
    await ask('POST', `${path}/${how}`, body);
    say(said);
    again();
  };
  const dismiss = async () => {
    await act('dismiss', 'The alert is dismissed, and its like is quiet for a week.')();
    // The alert alone shows which threshold would have kept it quiet.
    if (!isChosen) go(hrefOf('alerts', { alert: one.alert_id }));
  };
  const snoozed = one.snoozed_until_at && new Date(one.snoozed_until_at) > new Date() ? one.snoozed_until_at : null;
  return (
    <Line what={<><Badge look={STATUS[one.status][1]}>{STATUS[one.status][0]}</Badge> {isChosen ? one.title : <a href={hrefOf('alerts', { alert: one.alert_id })}>{one.title}</a>}</>}
      small={<>
        {SEVERITY[one.severity]}, <Name>{one.rule_name}</Name>{one.triggered_at && <>, since <When at={one.triggered_at} /></>}
        {one.breaches > 1 && plural(one.breaches, { one: ', {n} time', other: ', {n} times in a row' })}
        {one.flapping && ', it comes and goes: people are told once a day'}
        {snoozed && <>, snoozed until <When at={snoozed} /></>}
        {one.ended_at && <>, ended <When at={one.ended_at} />. {ENDING[one.ending]}</>}
      </>}>
      {open && !isShown && may('alerts:write') && (
        <>
          {one.status === 'TRIGGERED' && <Button label={t('Acknowledge: {title}', { title: one.title })} onPress={act('acknowledge', 'You look after it. Nobody is told again unless it becomes twice as bad.')}>Acknowledge</Button>}
          {!snoozed && <Button label={t('Snooze until tomorrow: {title}', { title: one.title })} onPress={act('snooze', 'Nobody is told until tomorrow at 9.', { until_local: tomorrow })}>Snooze until tomorrow</Button>}
          <Button label={t('Dismiss: {title}', { title: one.title })} onPress={dismiss}>Dismiss</Button>
        </>
      )}
    </Line>
  );
}
