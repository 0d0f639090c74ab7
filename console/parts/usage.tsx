/** Events of the month so far beside the plan's limit, what the month is expected to end with, and which sites sent them. */

import { useGet } from '../shared/asking';
import { count } from '../shared/format';
import { Card, Empty, Loaded, Notice, When } from '../shared/pieces';
import { useSession } from '../shared/session';
import { t } from '../shared/words';
import type { UsageOut } from '../types';
import { BarList } from './bar-list';
import { Beyond } from './held';
import { MoreParts } from './usage-parts';

const SITES = 8;
const ALMOST = 80;

export const readersZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Names sites; one that the reader may not see, or that is archived, by its id. */
export function useSiteName(): (id: string) => string {
  const { sites } = useSession();
  return (id) => sites.find(({ site_id }) => site_id === id)?.name ?? (id || t('Other sites'));
}

export function Usage() {
  const { may } = useSession();
  const usage = useGet<UsageOut>(`/v1/billing/usage?timezone=${encodeURIComponent(readersZone())}`);
  return (
    <Loaded of={usage} rows={4}>{(one) => (
      <Card title="Events this month" about="Stored events count. Duplicates and failed events are free.">
        {one.percent !== null && one.percent >= ALMOST && (
          <Notice look={one.percent >= 100 ? 'bad' : 'warn'}>{t('{percent} % of the events of your plan are used.', { percent: count(one.percent) })}{one.overage === null && may('billing:write') && ` ${t('A larger plan has room for more: choose one below.')}`}</Notice>
        )}
        <Beyond one={one} />
        <div class="split-track month" style={{ '--part': String(partOf(one).toFixed(4)) }} />
        <p>{soFar(one)}{' '}<span class="soft">The month ends <When at={one.end_at} />.</span></p>
        <p class="soft small">{expected(one)}</p>
        <Sites one={one} />
        <MoreParts of={one} />
      </Card>
    )}</Loaded>
  );
}

/** Of the limit; of what is expected where there is none. */
const partOf = ({ events, limit, forecast }: UsageOut) => Math.min(1, events / Math.max(limit ?? forecast?.events ?? events, 1));

function soFar({ events, limit }: UsageOut): string {
  if (limit === null) return t('{events} so far; there is no limit.', { events: count(events) });
  return t('{events} of {limit} so far.', { events: count(events), limit: count(limit) });
}

function expected({ forecast, limit }: UsageOut): string {
  if (!forecast) return t('A forecast needs two days of events.');
  const values = { events: count(forecast.events), low: count(forecast.low), high: count(forecast.high) };
  const text = t('{events} by the end of the month, most likely between {low} and {high}.', values);
  return limit !== null && forecast.events > limit ? `${text} ${t('That is more than your plan has.')}` : text;
}

function Sites({ one }: { one: UsageOut }) {
  const siteName = useSiteName();
  if (!one.sites.length) return <Empty><p>No event was stored this month.</p></Empty>;
  const bars = one.sites.slice(0, SITES).map(({ site_id, events }) => ({ name: siteName(site_id), value: events, text: count(events) }));
  return <BarList quiet head="Site" things="Events" bars={bars} summary={t('Events of each site this month')} />;
}
