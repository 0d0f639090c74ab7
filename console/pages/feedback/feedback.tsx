// {"title": "Conversion feedback", "menu": "Marketing", "order": 26, "site": true, "needs": "feedback:read", "params": {"destination": []}, "words": "pixel conversions API CAPI Meta Facebook TikTok Google Data Manager enhanced offline conversions consent match keys"}
/** Where a site's conversions are told, and what became of them. */

import { useState } from 'preact/hooks';
import { DestinationForm } from '../../parts/destination-form';
import { useKept } from '../../shared/address';
import { ask } from '../../shared/api';
import { useGet } from '../../shared/asking';
import { count, money, percent } from '../../shared/format';
import { Badge, Button, Card, Empty, Loaded, Notice } from '../../shared/pieces';
import { PageHead } from '../../shared/report';
import { useSession } from '../../shared/session';
import { isSure, say } from '../../shared/toast';
import { useView } from '../../shared/view';
import { plural, t } from '../../shared/words';
import type { FeedbackFunnelOut, FeedbackFunnelsOut, FeedbackTestOut, SiteOut } from '../../types';

const PLATFORMS: Record<string, string> = { GOOGLE_ADS: 'Google Ads', META: 'Meta', TIKTOK: 'TikTok' };
const KEYS: Record<string, string> = { email: 'E-mail', phone: 'Phone', customer: 'Customer number', address: 'Name and address', click: 'Click id', browser: 'Cookie of the platform' };
const STATUS: Record<string, string> = { SKIPPED: 'Not sent', EXPIRED: 'Too old', REJECTED: 'Refused', UNKNOWN: 'No answer', INDETERMINATE: 'Looked for', CLAIMED: 'In a request', PENDING: 'Waits' };
const STEPS: [keyof FeedbackFunnelOut & ('recorded' | 'sent' | 'accepted' | 'confirmed'), string, string][] = [
  ['recorded', 'Decided', 'Conversions of the last 30 days of which it is decided whether they are told.'],
  ['sent', 'Sent', 'They left Optiq. The others were not sent, for a reason below.'],
  ['accepted', 'Accepted', 'The platform answered yes.'],
  ['confirmed', 'Confirmed', 'Google looked at them, half an hour after it accepted them or later, and counts them.'],
];

export default function Feedback() {
  const { site } = useView();
  const { may, again } = useSession();
  const path = `/v1/sites/${site.site_id}/feedback-destinations`;
  const found = useGet<FeedbackFunnelsOut>(`/v1/sites/${site.site_id}/feedback`);
  const turnOn = async () => {
    await ask('PATCH', `/v1/sites/${site.site_id}`, { conversion_feedback: 'ON' });
    await again();
    found.again();
    say('Conversion feedback is on. What visitors with consent buy from now on is told.');
  };
  return (
    <>
      <PageHead title="Conversion feedback" about="Tell the platforms you advertise on which sales really happened, so that they find more people who buy. Only people who permitted it are told of." />
      {site.conversion_feedback !== 'ON' && (
        <Notice look="warn">
          Conversion feedback is off for this site: nothing is captured and no platform is told anything.
          {may('sites:write') ? <div class="actions"><Button onPress={turnOn}>Turn it on for this site</Button></div> : ' Ask an administrator to turn it on in the site’s settings.'}
        </Notice>
      )}
      <Loaded of={found} rows={6}>{({ destinations }) => (
        <>
          {destinations.map((one) => <Told key={one.destination.destination_id} one={one} site={site} path={path} again={found.again} />)}
          {!destinations.length && <Card><Empty title="No platform is told anything yet"><p>Connect a platform and permit it to be told conversions, then add a destination below.</p></Empty></Card>}
          {may('feedback:write') && (
            <Card title="New destination" about="Meta’s dataset, TikTok’s pixel or a conversion action at Google.">
              <DestinationForm key={destinations.length} site={site} save={async (asked) => {
                await ask('POST', path, asked);
                say('The destination is created. It is told what happens from now on.');
                found.again();
              }} />
            </Card>
          )}
        </>
      )}</Loaded>
    </>
  );
}

interface ToldProps { one: FeedbackFunnelOut; site: SiteOut; path: string; again: () => void }

function Told({ one, site, path, again }: ToldProps) {
  const { destination } = one;
  const title = PLATFORMS[destination.platform] ?? destination.platform;
  const steps = STEPS.filter(([name]) => name !== 'confirmed' || destination.platform === 'GOOGLE_ADS');
  const most = Math.max(one.recorded, 1);
  return (
    <Card title={destination.name} about={t('{platform}, {target}: {events}', { platform: title, target: destination.target, events: destination.events.map((event) => `${event.name} → ${event.told_as}`).join(', ') })}
      aside={<>{!destination.enabled ? <Badge look="warn">Off</Badge> : destination.silent_because ? <Badge look="warn">Nothing is told</Badge> : <Badge look="good">On</Badge>}</>}>
      {site.conversion_feedback === 'ON' && destination.enabled && destination.silent_because && <Notice look="warn">{t('Nothing is told: {why}.', { why: destination.silent_because })}</Notice>}
      <p class="soft">{plural(one.pending, { one: '{n} conversion waits', other: '{n} conversions wait' })}, {plural(one.sending, { one: '{n} is being sent.', other: '{n} are being sent.' })}
        {one.median_seconds != null && one.p95_seconds != null && <> {t('From the sale to the platform’s yes: {median}, for 95 of 100 at most {p95}.', { median: lasting(one.median_seconds), p95: lasting(one.p95_seconds) })}</>}</p>
      <table class="table-cards" role="table">
        <caption class="quiet">How conversions were told</caption>
        <thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">Step</th><th role="columnheader" scope="col" class="number">Conversions</th></tr></thead>
        <tbody role="rowgroup">{steps.map(([name, step, about]) => (
          <tr key={name} role="row">
            <th role="rowheader" scope="row"><span class="row-bar c1" style={{ inlineSize: `${((100 * one[name]) / most).toFixed(1)}%` }} aria-hidden="true" />
              <span class="row-name"><span>{step}<small class="soft block">{about}</small></span></span></th>
            <td role="cell" data-label="Conversions" class="number">{count(one[name])}</td>
          </tr>
        ))}</tbody>
      </table>
      {one.reasons.length > 0 && (
        <>
          <h3>What was not taken, and why</h3>
          <ul class="lines">{one.reasons.map((reason) => (
            <li key={`${reason.status} ${reason.reason}`}><span>{STATUS[reason.status] ?? reason.status}: {reason.because}</span> <b>{count(reason.count)}</b></li>
          ))}</ul>
        </>
      )}
      {one.keys.length > 0 && (
        <>
          <h3>By what people can be found</h3>
          <ul class="lines">{one.keys.map((key) => <li key={key.key}><span>{KEYS[key.key] ?? key.key}</span> <b>{percent(key.share)}</b></li>)}</ul>
        </>
      )}
      {one.changes > 0 && <p>{plural(one.changes, { one: '{n} refund or change was told.', other: '{n} refunds and changes were told.' })}</p>}
      {one.untold.map((each) => <p key={each.currency}>{t(each.value_micros > 0 ? 'Refunds not told: {platform} counts {money} more than these conversions are worth now. It takes no refunds and no changes.' : 'Changes not told: {platform} counts {money} less than these conversions are worth now. It takes no changes.', { money: money(Math.abs(each.value_micros), each.currency), platform: title })}</p>)}
      <Tools one={one} site={site} path={path} again={again} />
    </Card>
  );
}

function Tools({ one, site, path, again }: ToldProps) {
  const { may } = useSession();
  const [chosen, choose] = useKept('destination');
  const [answer, setAnswer] = useState<FeedbackTestOut | null>(null);
  const { destination } = one;
  const own = `${path}/${destination.destination_id}`;
  if (!may('feedback:write')) return null;
  const isOpen = chosen === destination.destination_id;
  const turn = async () => {
    await ask('PATCH', own, { enabled: !destination.enabled, version: destination.version });
    say(destination.enabled ? 'The destination is off.' : 'The destination is on.');
    again();
  };
  const remove = async () => {
    if (!(await isSure(t('Remove {name}? What was told stays at the platform.', { name: destination.name }), 'Remove'))) return;
    await ask('DELETE', own);
    say('The destination is removed.');
    again();
  };
  const test = async () => setAnswer(await ask<FeedbackTestOut>('POST', `${own}/test`));
  return (
    <>
      {answer && <Notice look={answer.outcome === 'ACCEPTED' ? 'good' : 'bad'}>{answer.outcome === 'ACCEPTED' ? 'The platform accepted the test event. It counts nowhere.' : t('The platform answers {code}.', { code: answer.code || answer.outcome })}</Notice>}
      <div class="actions">
        <Button onPress={test} label={t('Send a test event to {name}', { name: destination.name })}>Send a test event</Button>
        <Button onPress={() => choose(isOpen ? '' : destination.destination_id)} label={t('Change {name}', { name: destination.name })}>Change</Button>
        <Button onPress={turn} label={t(destination.enabled ? 'Turn {name} off' : 'Turn {name} on', { name: destination.name })}>{destination.enabled ? 'Turn off' : 'Turn on'}</Button>
        <Button onPress={remove} label={t('Remove {name}', { name: destination.name })}>Remove</Button>
      </div>
      {isOpen && <DestinationForm key={destination.version} site={site} destination={destination} save={async ({ platform: _, ...asked }) => {
        await ask('PATCH', own, { ...asked, version: destination.version });
        say('The destination is saved.');
        choose('');
        again();
      }} />}
    </>
  );
}

/** Seconds in the unit that people say. */
function lasting(seconds: number): string {
  if (seconds < 90) return plural(seconds, { one: '{n} second', other: '{n} seconds' });
  if (seconds < 5_400) return plural(Math.round(seconds / 60), { one: '{n} minute', other: '{n} minutes' });
  return plural(Math.round(seconds / 3_600), { one: '{n} hour', other: '{n} hours' });
}
