/** Syncs of advertising accounts: what is read now and how far it is, and the latest that ended. */

import { useEffect } from 'preact/hooks';
import { hrefOf } from '../shared/address';
import { ask } from '../shared/api';
import { useGet } from '../shared/asking';
import { daysBetween, rangeText } from '../shared/days';
import { Badge, Button, Card, Empty, Line, Lines, Loaded, When } from '../shared/pieces';
import { useSession } from '../shared/session';
import { say } from '../shared/toast';
import { t } from '../shared/words';
import type { AdSyncOut, AdSyncsOut } from '../types';

const EVERY_MS = 3_000;
const ASKED = 50;
const SHOWN = 8;
const OPEN = ['QUEUED', 'RUNNING', 'WAITING'];
const LOOKS: Record<string, string> = { SUCCEEDED: 'good', FAILED: 'bad' };
const STATES: Record<string, string> = { QUEUED: 'Starting', RUNNING: 'Running', WAITING: 'Waiting', SUCCEEDED: 'Done', FAILED: 'Failed', CANCELLED: 'Cancelled' };
const KINDS: Record<string, string> = {
  DAILY_SYNC: 'Daily sync', INTRADAY_SYNC: 'Latest days', WEEKLY_SYNC: 'Weekly sync', MONTHLY_SYNC: 'Monthly sync', MANUAL: 'Started by hand', BACKFILL: 'History',
};

/** Looks again every three seconds while something is read. */
export function AdSyncs({ nameOf }: { nameOf: (one: AdSyncOut) => string }) {
  const found = useGet<AdSyncsOut>(`/v1/ad-syncs?limit=${ASKED}`);
  const isOpen = found.answer?.items.some((one) => OPEN.includes(one.status)) ?? false;
  useEffect(() => {
    if (!isOpen) return undefined;
    const timer = setInterval(() => { if (!document.hidden) found.again(); }, EVERY_MS);
    return () => clearInterval(timer);
  }, [isOpen]);
  return (
    <Card title="Syncs" about="Every account is synced daily, its last three days four times a day, and 90 days back once a month, because platforms change their numbers afterwards.">
      <Loaded of={found}>{({ items }) => (items.length
        ? <Lines>{inOrder(items).slice(0, SHOWN).map((one) => <Sync key={one.sync_id} one={one} name={nameOf(one)} again={found.again} />)}</Lines>
        : <Empty title="Nothing was synced yet"><p>Connect a platform and choose its accounts.</p></Empty>)}</Loaded>
    </Card>
  );
}

/** What runs first, then by when it began: the API lists them by when they were due. */
const inOrder = (items: readonly AdSyncOut[]): AdSyncOut[] => {
  const isOver = (one: AdSyncOut) => Number(!OPEN.includes(one.status));
  return [...items].sort((a, b) => isOver(a) - isOver(b) || b.created_at.localeCompare(a.created_at));
};

function Sync({ one, name, again }: { one: AdSyncOut; name: string; again: () => void }) {
  const { may } = useSession();
  const read = one.days_changed + one.days_unchanged;
  const all = daysBetween(one.from, one.to);
  const cancel = async () => {
    await ask('POST', `/v1/ad-syncs/${one.sync_id}/cancel`);
    say('It ends after the days that it reads now.');
    again();
  };
  return (
    <Line what={<>{name} <Badge look={LOOKS[one.status] ?? ''}>{STATES[one.status]}</Badge></>}
      small={<>
        {t('{kind} · {range} · {read} of {all} days', { kind: KINDS[one.kind] ?? '', range: rangeText(one.from, one.to), read: String(read), all: String(all) })}
        {' '}<progress max={all} value={read} aria-label={t('{read} of {all} days are read', { read: String(read), all: String(all) })} />
        {one.reason && <> {one.reason}</>}
        {one.note && <> {one.note}</>}
        {' '}<When at={one.created_at} />
        {one.status === 'SUCCEEDED' && one.kind === 'BACKFILL' && <> · <a href={hrefOf('campaigns', { as: 'platform' })}>What its campaigns cost and earned</a></>}
      </>}>
      {may('ads:write') && OPEN.includes(one.status) && <Button onPress={cancel} label={t('Cancel the sync of {account}', { account: name })}>Cancel</Button>}
    </Line>
  );
}
