/** Readings of advertising accounts: what is read now and how far it is, and the latest that ended. */

import { useEffect } from 'preact/hooks';
import { ask } from '../shared/api';
import { useGet } from '../shared/asking';
import { daysBetween, rangeText } from '../shared/days';
import { Badge, Button, Card, Empty, Line, Lines, Loaded, When } from '../shared/pieces';
import { useSession } from '../shared/session';
import { say } from '../shared/toast';
import { t } from '../shared/words';
import type { AdSyncOut, AdSyncsOut } from '../types';

const EVERY_MS = 3_000;
const SHOWN = 8;
const OPEN = ['QUEUED', 'RUNNING', 'WAITING'];
const LOOKS: Record<string, string> = { SUCCEEDED: 'good', FAILED: 'bad' };
const STATES: Record<string, string> = { QUEUED: 'Begins', RUNNING: 'Reads', WAITING: 'Waits', SUCCEEDED: 'Read', FAILED: 'Failed', CANCELLED: 'Cancelled' };
const KINDS: Record<string, string> = {
  DAILY_SYNC: 'of the day', INTRADAY_SYNC: 'within the day', WEEKLY_SYNC: 'of the week', MONTHLY_SYNC: 'of the month', MANUAL: 'by hand', BACKFILL: 'of older days',
};

/** Looks again every three seconds while something is read. */
export function AdSyncs({ titleOf }: { titleOf: (platform: string) => string }) {
  const found = useGet<AdSyncsOut>(`/v1/ad-syncs?limit=${SHOWN}`);
  const isOpen = found.answer?.items.some((one) => OPEN.includes(one.status)) ?? false;
  useEffect(() => {
    if (!isOpen) return undefined;
    const timer = setInterval(() => { if (!document.hidden) found.again(); }, EVERY_MS);
    return () => clearInterval(timer);
  }, [isOpen]);
  return (
    <Card title="Readings" about="Chosen accounts are read every day, the last three days four times a day, and 90 days back once a month.">
      <Loaded of={found}>{({ items }) => (items.length
        ? <Lines>{items.map((one) => <Reading key={one.sync_id} one={one} title={titleOf(one.platform)} again={found.again} />)}</Lines>
        : <Empty title="Nothing was read yet"><p>Connect a platform and choose its accounts.</p></Empty>)}</Loaded>
    </Card>
  );
}

function Reading({ one, title, again }: { one: AdSyncOut; title: string; again: () => void }) {
  const { may } = useSession();
  const read = one.days_changed + one.days_unchanged;
  const all = daysBetween(one.from, one.to);
  const cancel = async () => {
    await ask('POST', `/v1/ad-syncs/${one.sync_id}/cancel`);
    say('It ends after the days that it reads now.');
    again();
  };
  return (
    <Line what={<>{title} {one.external_id} <Badge look={LOOKS[one.status] ?? ''}>{STATES[one.status]}</Badge></>}
      small={<>
        {t('{kind}, {range}: {read} of {all} days', { kind: KINDS[one.kind] ?? '', range: rangeText(one.from, one.to), read: String(read), all: String(all) })}
        {' '}<progress max={all} value={read} aria-label={t('{read} of {all} days are read', { read: String(read), all: String(all) })} />
        {one.reason && <> {one.reason}</>}
        {one.note && <> {one.note}</>}
        {' '}<When at={one.created_at} />
      </>}>
      {may('ads:write') && OPEN.includes(one.status) && <Button onPress={cancel} label={t('Cancel the reading of {account}', { account: one.external_id })}>Cancel</Button>}
    </Line>
  );
}
