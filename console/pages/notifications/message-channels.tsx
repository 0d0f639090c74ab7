// {"title": "Slack and webhooks", "menu": "Organization", "order": 68, "needs": "message_channels:read", "params": {"channel": []}, "words": "channels integrations events notifications alerts secret signature delivery log"}
/** Where the organization wants messages, and events for its own programs: channels, a test message, what was sent. */

import { useState } from 'preact/hooks';
import { Secret } from '../../parts/api-keys';
import { hrefOf, useKept } from '../../shared/address';
import { ask, askAll } from '../../shared/api';
import { useAsked, useGet } from '../../shared/asking';
import { NoOrganization } from '../../shared/beginnings';
import { Actions, Check, Choice, Field, Form, Row, Submit, checkedOf, type Fields } from '../../shared/form';
import { Pages } from '../../shared/paged';
import { Badge, Button, Card, Empty, Line, Lines, Loaded, Name, When } from '../../shared/pieces';
import { PageHead } from '../../shared/report';
import { useSession } from '../../shared/session';
import { isSure, say } from '../../shared/toast';
import { plural, t } from '../../shared/words';
import type { ChannelIn, ChannelOut, ChannelTypesOut, DeliveryOut, NewChannelOut, SiteOut } from '../../types';

const PATH = '/v1/message-channels';
const STATUS: Record<ChannelOut['status'], readonly [text: string, look: string]> = {
  ACTIVE: ['On', 'good'], PAUSED: ['Paused', 'warn'], DISABLED: ['Switched off', 'bad'], REMOVED: ['Removed', 'plain'],
};
const SENT: Record<DeliveryOut['status'], readonly [text: string, look: string]> = {
  PENDING: ['Waits', ''], SENDING: ['On its way', ''], SENT: ['Sent', 'good'], DELIVERED: ['Delivered', 'good'], FAILED: ['Failed', 'bad'],
  BOUNCED: ['Bounced', 'bad'], COMPLAINED: ['Marked as spam', 'warn'], SUPPRESSED: ['Not sent', 'plain'], DIGESTED: ['Part of another', 'plain'],
};
const SEVERITIES = [['INFO', 'All'], ['WARNING', 'Warnings and critical ones'], ['CRITICAL', 'Critical ones only']] as const;

const titled = (what: string): string => what.charAt(0).toUpperCase() + what.slice(1);

export default function Channels() {
  const { current, may } = useSession();
  const [round, setRound] = useState(0);
  const [made, setMade] = useState<NewChannelOut | null>(null);
  const types = useGet<ChannelTypesOut>(current ? '/v1/message-channel-types' : '');
  const sites = useAsked<SiteOut[]>(current ? 'sites of channels' : '', () => askAll('/v1/sites'));
  if (!current) return <NoOrganization />;
  const nameOf = (id: string) => (sites.answer ?? []).find((one) => one.site_id === id)?.name ?? id;
  return (
    <>
      <PageHead title="Slack and webhooks" about={<>Where messages and events of this organization go, besides people. What you yourself get is in <a href={hrefOf('notifications')}>your notifications</a>.</>} />
      {made?.secret && <Secret name={made.channel.name} secret={made.secret} what="secret" of />}
      <Card title="Channels">
        <Pages<ChannelOut> key={round} path={PATH} empty={<Empty title="No channel yet"><p>Add a channel of Slack for alerts, or a webhook for a program of yours.</p></Empty>}>{(items, again) => (
          <Lines>{items.map((one) => <One key={one.channel_id} one={one} site={one.site_id && nameOf(one.site_id)} again={again} renewed={setMade} />)}</Lines>
        )}</Pages>
      </Card>
      {may('message_channels:write') && (
        <Card title="New channel">
          <Loaded of={types}>{(found) => (
            <NewChannel key={round} types={found} sites={sites.answer ?? []} created={(one) => { setMade(one); setRound(round + 1); }} />
          )}</Loaded>
        </Card>
      )}
    </>
  );
}

function NewChannel({ types, sites, created }: { types: ChannelTypesOut; sites: SiteOut[]; created: (made: NewChannelOut) => void }) {
  const [kind, setKind] = useState<ChannelIn['kind']>('SLACK');
  const known = kind === 'SLACK' ? types.slack : types.webhook;
  const send = async (fields: Fields, form: HTMLFormElement) => {
    const body: ChannelIn = {
      kind, name: fields.name ?? '', url: (fields.url ?? '').trim(), site_id: fields.site_id ?? '', takes: checkedOf(form, 'takes'),
      ...(kind === 'SLACK' ? { least: fields.least as ChannelIn['least'] } : {}),
    };
    created(await ask<NewChannelOut>('POST', PATH, body));
    say('The channel is created. Send a test message to see whether it works.');
  };
  return (
    <Form class="wide" onSend={send} label="New channel">
      <Row>
        <Choice name="kind" label="Kind" value={kind} onPick={(value) => setKind(value as ChannelIn['kind'])} options={[['SLACK', 'A channel of Slack'], ['WEBHOOK', 'A webhook of your own']]} />
        <Field name="name" label="Name" required maxLength={100} placeholder={kind === 'SLACK' ? '#marketing' : 'Shop server'} />
      </Row>
      <Field name="url" label="Address" required type="url" autocomplete="off" placeholder={kind === 'SLACK' ? 'hooks.slack.com/services/…' : 'hooks.example.com/optiq'}
        hint={kind === 'SLACK' ? 'Of an incoming webhook, from your Slack app’s settings. It is kept sealed.' : 'It begins with https and answers within 15 seconds. It is kept sealed.'} />
      <fieldset key={kind}><legend>{kind === 'SLACK' ? 'Messages' : 'Events'}</legend>
        <div class="checks">{known.map((one) => <Check key={one.name} name="takes" value={one.name} label={titled(one.what)} hint={kind === 'SLACK' ? undefined : one.name} checked={one.name.startsWith('alert')} />)}</div>
      </fieldset>
      <Row>
        {sites.length > 1 && <Choice name="site_id" label="Site" options={[['', 'All sites'], ...sites.map((one) => [one.site_id, one.name] as const)]} />}
        {kind === 'SLACK' && <Choice name="least" label="How severe" options={SEVERITIES} value="WARNING" />}
      </Row>
      <Actions><Submit>Add the channel</Submit></Actions>
    </Form>
  );
}

interface OneProps { one: ChannelOut; site: string; again: () => void; renewed: (made: NewChannelOut) => void }

function One({ one, site, again, renewed }: OneProps) {
  const { may } = useSession();
  const [chosen, choose] = useKept('channel');
  const [round, setRound] = useState(0);
  const isOpen = chosen === one.channel_id;
  const own = `${PATH}/${one.channel_id}`;
  const test = async () => {
    const sent = await ask<DeliveryOut>('POST', `${own}/test`);
    say(sent.status === 'SENT' ? 'The test message has arrived.' : t('The test message was not taken: {reason}', { reason: sent.reason }));
    setRound(round + 1);
    again();
  };
  const turn = async () => {
    const status = one.status === 'ACTIVE' ? 'PAUSED' : 'ACTIVE';
    await ask('PATCH', own, { status, version: one.version });
    say(status === 'ACTIVE' ? 'The channel is on again.' : 'The channel is paused.');
    again();
  };
  const renew = async () => {
    if (!(await isSure(t('Make a new secret for {name}? For 24 hours messages are signed with both.', { name: one.name }), 'Make a new secret'))) return;
    renewed(await ask<NewChannelOut>('POST', `${own}/secret`));
    again();
  };
  const remove = async () => {
    if (!(await isSure(t('Remove {name}? Nothing is sent there any more.', { name: one.name }), 'Remove'))) return;
    await ask('DELETE', own);
    say('The channel is removed.');
    again();
  };
  const small = (
    <>
      {one.kind === 'SLACK' ? 'Slack' : 'Webhook'}; <Name>{one.shown_url}</Name>; {one.takes.join(', ')}{site && <>; <Name>{site}</Name></>}
      {one.reason && <>; <Name>{one.reason}</Name></>}{one.old_until_at && <>; the old secret signs until <When at={one.old_until_at} /></>}
    </>
  );
  return (
    <>
      <Line what={<><Name>{one.name}</Name> <Badge look={STATUS[one.status][1]}>{STATUS[one.status][0]}</Badge></>} small={small}>
        {may('message_channels:write') && one.status === 'ACTIVE' && <Button onPress={test} label={t('Send a test message to {name}', { name: one.name })}>Test</Button>}
        <Button onPress={() => choose(isOpen ? '' : one.channel_id)} label={t('What was sent to {name}', { name: one.name })}>{isOpen ? 'Close' : 'Log'}</Button>
        {may('message_channels:write') && (
          <>
            {one.kind === 'WEBHOOK' && <Button onPress={renew} label={t('New secret for {name}', { name: one.name })}>New secret</Button>}
            <Button onPress={turn} label={t(one.status === 'ACTIVE' ? 'Pause {name}' : 'Turn {name} on', { name: one.name })}>{one.status === 'ACTIVE' ? 'Pause' : 'Turn on'}</Button>
            <Button onPress={remove} label={t('Remove {name}', { name: one.name })}>Remove</Button>
          </>
        )}
      </Line>
      {isOpen && <li><Log key={round} one={one} own={own} /></li>}
    </>
  );
}

function Log({ one, own }: { one: ChannelOut; own: string }) {
  const { may } = useSession();
  const resend = async (delivery: DeliveryOut, again: () => void) => {
    const sent = await ask<DeliveryOut>('POST', `${own}/deliveries/${delivery.delivery_id}/again`);
    say(sent.status === 'SENT' ? 'The event was taken.' : t('The event was not taken: {reason}', { reason: sent.reason }));
    again();
  };
  const isOver = ({ status }: DeliveryOut) => status !== 'PENDING' && status !== 'SENDING';
  return (
    <div class="wide">
      <h3>What was sent, newest first</h3>
      <Pages<DeliveryOut> path={`${own}/deliveries`} limit={20} empty={<p class="nothing">Nothing yet.</p>}>{(items, again) => (
        <Lines>{items.map((sent) => (
          <Line key={sent.delivery_id} what={<><Name>{sent.subject}</Name> <Badge look={SENT[sent.status][1]}>{SENT[sent.status][0]}</Badge></>} small={(
            <>
              <When at={sent.created_at} />; {plural(sent.attempts, { one: '{n} attempt', other: '{n} attempts' })}
              {sent.status !== 'SENT' && sent.reason && <>; <Name>{sent.reason}</Name></>}{sent.next_at && <>; next at <When at={sent.next_at} /></>}; <code>{sent.delivery_id}</code>
            </>
          )}>
            {one.kind === 'WEBHOOK' && may('message_channels:write') && one.status === 'ACTIVE' && isOver(sent) && <Button onPress={() => resend(sent, again)} label={t('Send {id} again', { id: sent.delivery_id })}>Send again</Button>}
          </Line>
        ))}</Lines>
      )}</Pages>
    </div>
  );
}
