// {"title": "Ingestion", "menu": "Settings", "order": 60, "site": true, "needs": "events:read", "was": ["ingestion"], "words": "failed events replay left out bots duplicates received"}
/** What came in and what became of it; events that could not be accepted, with the reason, and another try. */

import { useState } from 'preact/hooks';
import { ask, sentence, withParams } from '../../shared/api';
import { useGet } from '../../shared/asking';
import { plusDays, todayIn } from '../../shared/days';
import { count } from '../../shared/format';
import { Button, Card, Empty, Facts, Loaded, Notice, When } from '../../shared/pieces';
import { Pages } from '../../shared/paged';
import { PageHead } from '../../shared/report';
import { useSession } from '../../shared/session';
import { useView } from '../../shared/view';
import { plural, t } from '../../shared/words';
import type { FailedEventOut, IngestCountsOut, ReplayOut } from '../../types';

const LEFT_OUT: Record<string, string> = {
  BOT: 'Robots and monitors', OPTED_OUT: 'Visitors who opted out', EXCLUDED: 'Excluded', UNVERIFIED: 'Sales that no server confirmed', OVER_LIMIT: 'Over a limit', MANY_REPORTS: 'Repeated reports of an order',
};

export default function FailedEvents() {
  const { site } = useView();
  const to = todayIn(site.timezone);
  const counts = useGet<IngestCountsOut>(withParams(`/v1/sites/${site.site_id}/ingest`, { from: plusDays(to, -29), to }));
  return (
    <>
      <PageHead title="Ingestion" about="What pages and servers sent in the last 30 days, and what became of it." />
      <Card title="Received">
        <Loaded of={counts}>{(found) => (
          <Facts facts={[
            ['Accepted', count(found.accepted)], ['Stored', count(found.stored)], ['Sent twice, counted once', count(found.duplicates)],
            ...Object.entries(found.left_out).map(([reason, number]) => [t('Left out: {reason}', { reason: LEFT_OUT[reason] ?? reason.toLowerCase() }), count(number)] as const),
            ['With a warning', count(found.warned)], ['Failed', count(found.failed)], ...(found.not_kept ? [['Failed and not kept', count(found.not_kept)] as const] : []),
          ]} />
        )}</Loaded>
      </Card>
      <Failed path={`/v1/sites/${site.site_id}/failed-events`} />
    </>
  );
}

function Failed({ path }: { path: string }) {
  const { may } = useSession();
  const [outcome, setOutcome] = useState<ReplayOut | null>(null);
  const replay = async (events: { failed_event_id: string }[] | null, again: () => void) => {
    setOutcome(await ask<ReplayOut>('POST', `${path}/replay`, events ? { events } : {}));
    again();
  };
  return (
    <Card title="Failed events" about="They are kept whole. Once the cause is gone, such as a paused site, send them again.">
      {outcome && (
        <Notice look={outcome.still_failing ? 'warn' : 'good'}>{plural(outcome.replayed, { one: '{n} event is accepted now, {still} still fail.', other: '{n} events are accepted now, {still} still fail.' }, { still: outcome.still_failing })}</Notice>
      )}
      <Pages<FailedEventOut> path={path} empty={<Empty title="No event failed"><p>Every event could be read.</p></Empty>}>{(items, again) => (
        <>
          {may('events:write') && <div class="actions"><Button look="" onPress={() => replay(null, again)}>Send all again</Button></div>}
          <ul class="lines after-form">{items.map((one) => (
            <li key={one.failed_event_id}>
              <div class="what">{sentence(one.reason)}<small><When at={one.received_at} />, by {one.source}</small>
                <details><summary>The event as it came</summary><code class="secret pre">{one.body ?? one.body_base64}</code></details></div>
              {may('events:write') && <Button onPress={() => replay([{ failed_event_id: one.failed_event_id }], again)}>Send again</Button>}
            </li>
          ))}</ul>
        </>
      )}</Pages>
    </Card>
  );
}
