// {"title": "Advertising accounts", "menu": "Marketing", "order": 20, "needs": "ads:read", "params": {"state": [], "code": [], "auth_code": [], "error": []}, "words": "Google Ads Meta Facebook TikTok connect spend cost"}
/** Connections to advertising platforms: connect, choose accounts, connect again, disconnect. Platforms send people back here. */

import { useEffect, useState } from 'preact/hooks';
import { AdDays } from '../../parts/ad-days';
import { AdSyncs } from '../../parts/ad-syncs';
import { go, useAddress } from '../../shared/address';
import { ask, inWords } from '../../shared/api';
import { useGet } from '../../shared/asking';
import { Actions, Check, Form, Submit, checkedOf } from '../../shared/form';
import { Pages } from '../../shared/paged';
import { Badge, Button, Card, Empty, Line, Lines, Loaded, Notice, When } from '../../shared/pieces';
import { PageHead } from '../../shared/report';
import { useSession } from '../../shared/session';
import { AccountSites } from '../../parts/account-site';
import { isSure, say } from '../../shared/toast';
import { t } from '../../shared/words';
import type { AdAccountOut, AdConnectionOut, AdConnectStartOut, AdPlatformOut, AdPlatformsOut } from '../../types';

const ALL = '/v1/ad-connections';
const LOOKS: Record<string, string> = { CONNECTED: 'good', EXPIRING: 'bad', REAUTH_REQUIRED: 'bad', DISCONNECTED: '' };
const NAMES: Record<string, string> = { CONNECTED: 'Connected', EXPIRING: 'Ends soon', REAUTH_REQUIRED: 'Connect again', DISCONNECTED: 'Disconnected' };

export default function AdConnections() {
  const { may } = useSession();
  const platforms = useGet<AdPlatformsOut>('/v1/ad-platforms');
  const [came, setCame] = useState(0);
  const [chosen, setChosen] = useState(0);
  const titleOf = (platform: string) => platforms.answer?.items.find((one) => one.platform === platform)?.title ?? platform;
  return (
    <>
      <PageHead title="Advertising accounts" about="Connect the platforms you advertise on, and choose the accounts whose costs Optiq reads, and the site that they are of." />
      <Returning done={() => setCame(came + 1)} />
      <Card title="Connections">
        <Pages<AdConnectionOut> key={`connections${came}`} path={ALL} empty={<Empty title="Nothing is connected yet"><p>Connect a platform below.</p></Empty>}>
          {(items, again) => <Lines>{items.map((one) => <ConnectionLine key={one.connection_id} one={one} title={titleOf(one.platform)} again={again} chosen={() => setChosen(chosen + 1)} />)}</Lines>}
        </Pages>
      </Card>
      <AdSyncs key={`syncs${came}.${chosen}`} titleOf={titleOf} />
      {may('ads:connect') && (
        <Card title="Connect a platform" about="You sign in at the platform and allow Optiq to read. It changes nothing there.">
          <Loaded of={platforms}>{({ items }) => (
            <Lines>{items.map((one) => <PlatformLine key={one.platform} one={one} done={() => setCame(came + 1)} />)}</Lines>
          )}</Loaded>
        </Card>
      )}
    </>
  );
}

/** What a platform put into the address is sent on once, and taken out of it. */
function Returning({ done }: { done: () => void }) {
  const url = useAddress();
  const [failed, setFailed] = useState('');
  const state = url.searchParams.get('state') ?? '';
  const code = url.searchParams.get('code') ?? url.searchParams.get('auth_code') ?? '';
  const refused = url.searchParams.has('error');
  useEffect(() => {
    if (!state && !refused) return;
    go(url.pathname, 'replace'); // Platforms add parameters of their own.
    if (refused || !code) {
      setFailed('The platform was not allowed to be read. Connect again to allow it.');
      return;
    }
    void complete(state, code).then(done, (error: unknown) => setFailed(inWords(error)));
  }, [state]);
  return failed ? <Notice look="bad" role="alert">{failed}</Notice> : null;
}

async function complete(state: string, code: string): Promise<void> {
  const connection = await ask<AdConnectionOut>('POST', `${ALL}/complete`, { state, code });
  await ask('POST', `${ALL}/${connection.connection_id}/accounts/refresh`);
  say('The platform is connected. Choose its accounts.');
}

/** Leaves for the platform, or, where it needs no sign-in, lists its accounts. */
async function leave(start: AdConnectStartOut, done: () => void): Promise<void> {
  if (start.url) {
    window.location.assign(start.url);
    return;
  }
  if (start.connection) await ask('POST', `${ALL}/${start.connection.connection_id}/accounts/refresh`);
  done();
}

function PlatformLine({ one, done }: { one: AdPlatformOut; done: () => void }) {
  const connect = async () => leave(await ask<AdConnectStartOut>('POST', ALL, { platform: one.platform }), done);
  return (
    <Line what={one.title} small={one.configured ? '' : 'Whoever operates this Optiq has not set it up yet.'}>
      {one.configured && <Button onPress={connect} label={t('Connect {title}', { title: one.title })}>Connect</Button>}
    </Line>
  );
}

function ConnectionLine({ one, title, again, chosen }: { one: AdConnectionOut; title: string; again: () => void; chosen: () => void }) {
  const { may } = useSession();
  const [open, setOpen] = useState(false);
  const own = `${ALL}/${one.connection_id}`;
  const reconnect = async () => leave(await ask<AdConnectStartOut>('POST', ALL, { platform: one.platform, connection_id: one.connection_id }), again);
  const disconnect = async () => {
    if (!(await isSure(t('Disconnect {platform}? What was read stays; nothing more is read.', { platform: title }), 'Disconnect'))) return;
    await ask('POST', `${own}/disconnect`);
    say('It is disconnected.');
    again();
  };
  return (
    <>
      <Line what={<>{title} <Badge look={LOOKS[one.status]}>{NAMES[one.status]}</Badge></>}
        small={<>{one.reason && `${one.reason}; `}granted <When at={one.granted_at} /></>}>
        <Button onPress={() => setOpen(!open)} label={t('Accounts of {platform}', { platform: title })}>Accounts</Button>
        {may('ads:connect') && <Button onPress={reconnect} label={t('Connect {platform} again', { platform: title })}>Connect again</Button>}
        {may('ads:connect') && one.status !== 'DISCONNECTED' && <Button onPress={disconnect} label={t('Disconnect {platform}', { platform: title })}>Disconnect</Button>}
      </Line>
      {open && <li><Accounts own={own} chosen={chosen} /></li>}
    </>
  );
}

function Accounts({ own, chosen }: { own: string; chosen: () => void }) {
  const { may } = useSession();
  const [shown, setShown] = useState('');
  return (
    <Pages<AdAccountOut> path={`${own}/accounts`} empty={<Empty><p>The login has no accounts.</p></Empty>}>
      {(items, again) => (<>
        <Form label="Accounts to read" onSend={async (_, form) => {
          await ask('PUT', `${own}/accounts`, { external_ids: checkedOf(form, 'account') });
          say('The choice is saved. What was never read is read now.');
          again();
          chosen();
        }}>
          <div class="checks">{items.map((one) => (
            <Check key={one.external_id} name="account" value={one.external_id} checked={one.chosen} label={`${one.name || one.external_id} ${one.currency}`.trim()} hint={hintOf(one)} />
          ))}</div>
          <p>{items.filter((one) => one.chosen).map((one) => (
            <Button key={one.external_id} onPress={() => setShown(shown === one.external_id ? '' : one.external_id)} label={t('Days of {account}', { account: one.name || one.external_id })}>{t('Days of {account}', { account: one.name || one.external_id })}</Button>
          ))}</p>
          {items.filter((one) => one.external_id === shown).map((one) => <AdDays key={one.external_id} account={one} />)}
          {may('ads:connect') && <Actions><Submit>Read these accounts</Submit></Actions>}
        </Form>
        <AccountSites accounts={items} again={again} />
      </>)}
    </Pages>
  );
}

const hintOf = (one: AdAccountOut): string | undefined => (
  one.status === 'ACTIVE' ? undefined : t(one.status === 'NO_ACCESS' ? 'The login may not read it.' : 'It is closed or suspended at the platform.')
);
