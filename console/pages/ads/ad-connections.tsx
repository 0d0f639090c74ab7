// {"title": "Advertising accounts", "menu": "Marketing", "order": 20, "needs": "ads:read", "params": {"state": [], "code": [], "auth_code": [], "error": []}, "words": "Google Ads Meta Facebook TikTok connect spend cost"}
/** Connections to advertising platforms: connect, choose accounts, connect again, disconnect. Platforms send people back here. */

import { useEffect, useState } from 'preact/hooks';
import { AdDays } from '../../parts/ad-days';
import { AdSyncs } from '../../parts/ad-syncs';
import { go, hrefOf, useAddress } from '../../shared/address';
import { ask, inWords, type Page } from '../../shared/api';
import { useGet } from '../../shared/asking';
import { Actions, Check, Form, Submit, checkedOf } from '../../shared/form';
import { Pages } from '../../shared/paged';
import { Badge, Button, Card, Empty, Line, Lines, Loaded, Name, Notice, When } from '../../shared/pieces';
import { PageHead } from '../../shared/report';
import { useSession } from '../../shared/session';
import { AccountSite } from '../../parts/account-site';
import { isSure, say } from '../../shared/toast';
import { t } from '../../shared/words';
import type { AdAccountOut, AdConnectionOut, AdConnectStartOut, AdPlatformOut, AdPlatformsOut, AdSyncIn, AdSyncOut } from '../../types';

const ALL = '/v1/ad-connections';
const LOOKS: Record<string, string> = { CONNECTED: 'good', EXPIRING: 'bad', REAUTH_REQUIRED: 'bad', DISCONNECTED: '' };
const NAMES: Record<string, string> = { CONNECTED: 'Connected', EXPIRING: 'Ends soon', REAUTH_REQUIRED: 'Connect again', DISCONNECTED: 'Disconnected' };

export default function AdConnections() {
  const { may } = useSession();
  const platforms = useGet<AdPlatformsOut>('/v1/ad-platforms');
  const [came, setCame] = useState(0);
  const [synced, setSynced] = useState(0);
  const [names, setNames] = useState<Record<string, string>>({});
  const titleOf = (platform: string) => platforms.answer?.items.find((one) => one.platform === platform)?.title ?? platform;
  const shared: Shared = {
    synced: () => setSynced((before) => before + 1),
    named: (accounts) => setNames((before) => ({ ...before, ...Object.fromEntries(accounts.map((one) => [keyOf(one), nameOf(one)])) })),
  };
  return (
    <>
      <PageHead title="Advertising accounts" about="Connect the platforms you advertise on, choose the accounts, and see what each campaign costs beside what it earned." />
      <Returning done={() => setCame(came + 1)} />
      <Card title="Connections">
        <Pages<AdConnectionOut> key={`connections${came}`} path={ALL} empty={<Empty title="Nothing is connected yet"><p>Connect a platform below.</p></Empty>}>
          {(items, again) => <Lines>{items.map((one) => <ConnectionLine key={one.connection_id} one={one} title={titleOf(one.platform)} again={again} shared={shared} />)}</Lines>}
        </Pages>
      </Card>
      <AdSyncs key={`syncs${came}.${synced}`} nameOf={(one) => t('{platform}: {account}', { platform: titleOf(one.platform), account: names[keyOf(one)] ?? one.external_id })} />
      {may('ads:connect') && (
        <Card title="Connect a platform" about="You sign in at the platform and allow Optiq to read. It changes nothing there. Allow it to send conversions too, if platforms shall learn of your sales.">
          <Loaded of={platforms}>{({ items }) => (
            <Lines>
              {items.filter((one) => one.signs_in).map((one) => <PlatformLine key={one.platform} one={one} done={() => setCame(came + 1)} />)}
              <Line what="Other costs" small="Newsletters, affiliates, posters, and platforms that are not listed here."><a class="button second short" href={hrefOf('import-costs')}>Import a table</a></Line>
            </Lines>
          )}</Loaded>
        </Card>
      )}
    </>
  );
}

/** What a connection tells the rest of the page: that a sync began, and what its accounts are called. */
interface Shared { synced: () => void; named: (accounts: readonly AdAccountOut[]) => void }

interface AccountKey { platform: string; external_id: string }

const keyOf = (one: AccountKey): string => `${one.platform} ${one.external_id}`;
const nameOf = (one: AdAccountOut): string => one.name || one.external_id;

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
  const connect = async (uploads = false) => leave(await ask<AdConnectStartOut>('POST', ALL, { platform: one.platform, uploads }), done);
  return (
    <Line what={one.title} small={one.configured ? '' : 'Whoever operates this Optiq has not set it up yet.'}>
      {one.configured && <Button onPress={() => connect(true)} label={t('Connect {title} and permit to send conversions', { title: one.title })}>Connect and send conversions</Button>}
      {one.configured && <Button onPress={() => connect()} label={t('Connect {title}', { title: one.title })}>Connect</Button>}
    </Line>
  );
}

interface ConnectionProps { one: AdConnectionOut; title: string; again: () => void; shared: Shared }

/** A connection with its accounts; they are open while none is chosen, for that is the next step. */
function ConnectionLine({ one, title, again, shared }: ConnectionProps) {
  const { may } = useSession();
  const own = `${ALL}/${one.connection_id}`;
  const accounts = useGet<Page<AdAccountOut>>(`${own}/accounts?limit=50`);
  const [opened, setOpened] = useState<boolean | null>(null);
  useEffect(() => shared.named(accounts.answer?.items ?? []), [accounts.answer]);
  const chosen = (accounts.answer?.items ?? []).filter((account) => account.chosen);
  const listed = accounts.answer?.items.length ?? 0;
  const isNext = one.status === 'CONNECTED' && listed > 0 && !chosen.length;
  const open = opened ?? isNext;
  const reconnect = async () => leave(await ask<AdConnectStartOut>('POST', ALL, { platform: one.platform, connection_id: one.connection_id, uploads: one.scopes.some((scope) => scope.includes('datamanager') || scope === 'ads_management') }), again);
  const disconnect = async () => {
    if (!(await isSure(t('Disconnect {platform}? What was read stays; nothing more is read.', { platform: title }), 'Disconnect'))) return;
    await ask('POST', `${own}/disconnect`);
    say('It is disconnected.');
    again();
  };
  return (
    <>
      <Line what={<>{title} <Badge look={LOOKS[one.status]}>{NAMES[one.status]}</Badge></>}
        small={<>
          {one.reason && one.status !== 'DISCONNECTED' && <>{one.reason}. </>}
          {chosen.map((account, place) => <span key={account.external_id}>{place > 0 && ', '}<Name>{nameOf(account)}</Name> ({account.currency})</span>)}
          {isNext && 'Choose the accounts to read.'}
          {one.status === 'CONNECTED' && accounts.answer !== null && !listed && 'No account is read by it: another connection has them, or the login has none. '}
          {chosen.length > 0 && ' · '}{!isNext && <>connected <When at={one.granted_at} /></>}
        </>}>
        <Button onPress={() => setOpened(!open)} label={t('Accounts of {platform}', { platform: title })}>Accounts</Button>
        {may('ads:connect') && one.status !== 'CONNECTED' && <Button look="short" onPress={reconnect} label={t('Connect again: {platform}', { platform: title })}>Connect again</Button>}
        {may('ads:connect') && one.status !== 'DISCONNECTED' && <Button onPress={disconnect} label={t('Disconnect {platform}', { platform: title })}>Disconnect</Button>}
      </Line>
      {open && <li class="nested"><Accounts own={own} isConnected={one.status !== 'DISCONNECTED'} synced={() => { setOpened(true); accounts.again(); shared.synced(); }} /></li>}
    </>
  );
}

function Accounts({ own, isConnected, synced }: { own: string; isConnected: boolean; synced: () => void }) {
  const { may } = useSession();
  const [shown, setShown] = useState('');
  const syncNow = async (one: AdAccountOut) => {
    const body: AdSyncIn = { platform: one.platform, external_id: one.external_id };
    await ask<AdSyncOut>('POST', '/v1/ad-syncs', body);
    synced();
  };
  return (
    <Pages<AdAccountOut> path={`${own}/accounts`} empty={<Empty><p>The login has no accounts, or another connection has them.</p></Empty>}>
      {(items, again) => (<>
        <Form label="Accounts to sync" onSend={async (_, form) => {
          await ask('PUT', `${own}/accounts`, { external_ids: checkedOf(form, 'account') });
          say('Saved. Accounts that are new here are synced now.');
          again();
          synced();
        }}>
          <div class="checks">{items.map((one) => (
            <Check key={one.external_id} name="account" value={one.external_id} checked={one.chosen} label={`${nameOf(one)} ${one.currency}`.trim()} hint={hintOf(one)} />
          ))}</div>
          {may('ads:connect') && isConnected && <Actions><Submit look="short">Sync these accounts</Submit></Actions>}
        </Form>
        {items.some((one) => one.chosen) && <Lines>{items.filter((one) => one.chosen).map((one) => (
          <AccountLine key={one.external_id} one={one} again={again} shown={shown === one.external_id}
            onShow={() => setShown(shown === one.external_id ? '' : one.external_id)} onSync={isConnected && may('ads:write') ? () => syncNow(one) : undefined} />
        ))}</Lines>}
      </>)}
    </Pages>
  );
}

interface AccountProps { one: AdAccountOut; again: () => void; shown: boolean; onShow: () => void; onSync?: () => Promise<void> }

function AccountLine({ one, again, shown, onShow, onSync }: AccountProps) {
  const name = nameOf(one);
  return (
    <>
      <AccountSite one={one} again={again}>
        <Button onPress={onShow} label={t('Spend by day of {account}', { account: name })}>Spend by day</Button>
        {onSync && <Button onPress={onSync} label={t('Sync now: {account}', { account: name })}>Sync now</Button>}
      </AccountSite>
      {shown && <li class="nested"><AdDays account={one} /></li>}
    </>
  );
}

const hintOf = (one: AdAccountOut): string | undefined => (
  one.status === 'ACTIVE' ? undefined : t(one.status === 'NO_ACCESS' ? 'The login may not read it.' : 'It is closed or suspended at the platform.')
);
