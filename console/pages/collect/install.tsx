// {"title": "Check the installation", "menu": "Settings", "order": 10, "site": true, "needs": "events:read", "words": "install tag tracker tag manager Shopify WooCommerce WordPress server onboarding first event"}
/** How to install the tracker, and what of it works: it waits for the first event and then lists what came. */

import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { hrefOf } from '../../shared/address';
import { ask, withParams } from '../../shared/api';
import { useAsked } from '../../shared/asking';
import { TrackerTag, tagOf } from '../../shared/beginnings';
import { plusDays, todayIn } from '../../shared/days';
import { Badge, Card, Copy, Loaded, When } from '../../shared/pieces';
import { count } from '../../shared/format';
import { PageHead } from '../../shared/report';
import { useSession } from '../../shared/session';
import { useView } from '../../shared/view';
import { isolated, t } from '../../shared/words';
import type { ConversionsOut, DimensionsOut, EventsOut, FailedEventsOut, IngestCountsOut, SiteOut } from '../../types';

const EVERY_MS = 5000;

interface Found { views: EventsOut; all: EventsOut; campaigns: DimensionsOut; sales: ConversionsOut; counts: IngestCountsOut; failed: FailedEventsOut }

async function look(site: SiteOut, signal: AbortSignal): Promise<Found> {
  const path = `/v1/sites/${site.site_id}`;
  const to = todayIn(site.timezone);
  const days = { from: plusDays(to, -6), to };
  const get = <Answer,>(route: string, params: Record<string, string | number>) => ask<Answer>('GET', withParams(`${path}/${route}`, params), undefined, signal);
  const [views, all, campaigns, sales, counts, failed] = await Promise.all([
    get<EventsOut>('events', { ...days, name: 'page_view', limit: 1 }), get<EventsOut>('events', { ...days, limit: 20 }),
    get<DimensionsOut>('dimensions', { kind: 'utm_campaign', limit: 1 }), get<ConversionsOut>('conversions', { limit: 1 }),
    get<IngestCountsOut>('ingest', days), get<FailedEventsOut>('failed-events', { limit: 1 }),
  ]);
  return { views, all, campaigns, sales, counts, failed };
}

export default function Install() {
  const { site } = useView();
  const found = useAsked<Found>(site.site_id, (signal) => look(site, signal));
  useEffect(() => {
    const timer = setInterval(() => { if (document.visibilityState === 'visible') found.again(); }, EVERY_MS);
    return () => clearInterval(timer);
  }, [found.again]);
  return (
    <>
      <PageHead title="Check the installation" about={t('What has come from {site} in the last 7 days. This page looks again every 5 seconds.', { site: site.name })} />
      <div class="columns">
        <div>
          <Loaded of={{ ...found, loading: false }} rows={6}>{(answer) => <Checks found={answer} site={site} />}</Loaded>
        </div>
        <div><Ways site={site} /></div>
      </div>
    </>
  );
}

type State = 'good' | 'warn' | 'plain';

function Checks({ found, site }: { found: Found; site: SiteOut }) {
  const { all, views, campaigns, sales, counts, failed } = found;
  const [newest] = all.items;
  if (!newest) {
    return (
      <Card title="Waiting for the first event">
        <p>Nothing has come from this site in the last 7 days. Put the tag on a page, then open that page in a browser.</p>
        <p class="soft small">Nothing after a minute? An ad blocker in your browser may stop the tag: try a private window. The browser’s console says what the tag misses.</p>
      </Card>
    );
  }
  const fromServer = all.items.some((event) => event.from_server);
  const leftOut = Object.entries(counts.left_out).reduce((sum, [, number]) => sum + number, 0);
  const checks: [State, string, ComponentChildren][] = [
    ['good', 'Events arrive', <>The newest: {newest.name} on <When at={newest.occurred_at} />. {count(counts.stored)} in 7 days.</>],
    views.items[0] ? ['good', 'Page views', <>The newest page: {views.items[0].url}</>] : ['warn', 'No page view yet', 'Events come, but none from a page. Is the tag on every page?'],
    campaigns.items[0] ? ['good', 'Campaigns are kept', t('The newest: {campaign}', { campaign: campaigns.items[0].value })]
      : ['warn', 'No campaign yet', t('Open {address}?utm_source=test&utm_medium=email&utm_campaign=test to see one arrive.', { address: `https://${site.domains[0] ?? ''}/` })],
    sales.items[0] ? ['good', 'Conversions', <>The newest: {sales.items[0].name} on <When at={sales.items[0].occurred_at} /></>]
      : ['warn', 'No conversion yet', t('These events count: {names}. Send one when an order is complete.', { names: site.conversion_events.map(isolated).join(', ') })],
    fromServer ? ['good', 'Server events', 'A server sends events too: orders are confirmed.'] : ['plain', 'No server event seen', 'Not needed. A server’s report of an order confirms what the page reported.'],
    leftOut ? ['plain', 'Left out', t('{count} events of robots, opted-out visitors and the like are not counted.', { count: count(leftOut) })] : ['good', 'Nothing is left out', 'No event was left out.'],
    failed.items[0] ? ['warn', 'Some events failed', <a href={hrefOf('failed-events')}>See why, and send them again</a>] : ['good', 'No event failed', 'All events could be read.'],
  ];
  const words: Record<State, string> = { good: 'works', warn: 'to do', plain: 'note' };
  return (
    <Card title="What works">
      <ul class="lines">{checks.map(([state, name, text]) => (
        <li key={name}><div class="what"><strong>{name}</strong><small>{text}</small></div><Badge look={state}>{words[state]}</Badge></li>
      ))}</ul>
    </Card>
  );
}

const SALE = `optiq('track', 'Order Completed', {
  order_id: 'A-1001', revenue: 49.90, currency: 'EUR'
});`;

/** Ways to put the tracker in. */
function Ways({ site }: { site: SiteOut }) {
  const { may } = useSession();
  const ways: [string, ComponentChildren][] = [
    ['Your own pages', <TrackerTag site={site} />],
    ['Google Tag Manager', <ol class="numbered"><li>Create a tag of the kind “Custom HTML” and paste the tag below.</li><li>Choose the trigger “All pages”.</li><li>Publish.</li></ol>],
    ['Shopify', <ol class="numbered"><li>Open Online Store, Themes, Edit code, and the file <code>theme.liquid</code>.</li><li>Paste the tag before <code>&lt;/head&gt;</code> and save.</li><li>For orders, send Shopify’s order webhook to your server and from there to Optiq.</li></ol>],
    ['WooCommerce and WordPress', <ol class="numbered"><li>Install a plugin that adds code to the head of all pages, such as WPCode.</li><li>Paste the tag into the header and save.</li></ol>],
    ['From a server', <p>Any library for Segment works: set its host to <code>{location.origin}</code> and its write key to an <a href={hrefOf('tokens')}>ingestion token</a>.</p>],
  ];
  return (
    <>
      <Card title="Ways to install">
        {ways.map(([name, text], place) => (
          <details key={name} open={place === 0}><summary>{name}</summary>{text}{place > 0 && place < 4 && <><code class="secret">{tagOf(site)}</code><Copy text={tagOf(site)} what="tag" /></>}</details>
        ))}
      </Card>
      <Card title="Report a sale" about="Call this on the page that thanks for the order. The order’s number makes it count once.">
        <code class="secret pre">{SALE}</code>
        <Copy text={SALE} what="code" />
        {may('sites:write') && <p class="soft small">Other events can count as conversions too: choose them in the <a href={hrefOf('site-settings')}>site’s settings</a>.</p>}
      </Card>
    </>
  );
}
