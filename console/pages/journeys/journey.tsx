// {"title": "Journey", "site": true, "needs": "customers:read", "params": {"customer": []}}
/** One person: every event on a line of time by day, with touches, conversions and the identities that were joined. */

import { ConsentCard } from '../../parts/consent';
import { identityName } from '../../parts/identity-names';
import { Unchosen } from '../../parts/unchosen';
import { hrefOf, useAddress } from '../../shared/address';
import { useGet } from '../../shared/asking';
import { ask, sentence } from '../../shared/api';
import { colourOf } from '../../shared/chart-scale';
import { count, eventText, money, percent } from '../../shared/format';
import { Badge, Button, Card, Loaded, Name, Notice, When } from '../../shared/pieces';
import { PageHead } from '../../shared/report';
import { useSession } from '../../shared/session';
import { isSure, say } from '../../shared/toast';
import { useView } from '../../shared/view';
import { plural, t } from '../../shared/words';
import type { CustomerOut, IdentityLinkOut, LinkCutIn, TimelineEventOut } from '../../types';

export default function Journey() {
  const url = useAddress();
  const { site } = useView();
  const id = url.searchParams.get('customer') ?? '';
  const found = useGet<CustomerOut>(id ? `/v1/sites/${site.site_id}/customers/${encodeURIComponent(id)}` : '');
  if (!id) return <Unchosen page="Journey" title="No person is chosen"><a href={hrefOf('journeys')}>Choose a journey from the list</a>.</Unchosen>;
  return <Loaded of={found} rows={8}>{(one) => <Shown one={one} again={found.again} />}</Loaded>;
}

function Shown({ one, again }: { one: CustomerOut; again: () => void }) {
  const { site } = useView();
  const { may } = useSession();
  const cut = async (link: IdentityLinkOut) => {
    const names = { one: identityName(link.type), other: identityName(link.other_type) };
    if (!(await isSure(t('Say that {one} and {other} are not one person? Their visits part, and credits are computed anew.', names), 'Cut the link'))) return;
    const ends: LinkCutIn = { customer_id: link.customer_id, other_customer_id: link.other_customer_id };
    await ask('POST', `/v1/sites/${site.site_id}/customers/links/cut`, ends);
    say('The link is cut. Visits and credits follow in a few seconds.');
    again();
  };
  const touches = one.timeline.filter((event) => event.touch).length;
  const sold = one.timeline.filter((event) => event.conversion).length;
  const facts = [
    plural(one.timeline.length, { one: '{n} event', other: '{n} events' }), plural(touches, { one: '{n} touch', other: '{n} touches' }),
    plural(sold, { one: '{n} conversion', other: '{n} conversions' }),
  ];
  return (
    <>
      <PageHead title={t('Person …{id}', { id: one.customer_id.slice(-6) })} about={[...facts, t('times of {zone}', { zone: site.timezone })].join(' · ')} />
      {one.limits.map(({ limit, because }) => <Notice key={limit} look="warn">{sentence(because)}</Notice>)}
      <div class="columns">
        <Card title="What happened">{one.timeline.length ? <Timeline events={one.timeline} zone={site.timezone} /> : <p class="nothing">Nothing is known of this person.</p>}</Card>
        <Card title="How we know it is one person">
          <ul class="lines">{one.identities.map((each) => <li key={`${each.type} ${each.customer_id}`}><span>{identityName(each.type)}</span><span class="soft small">…{each.customer_id.slice(-6)}</span></li>)}</ul>
          {one.links.length > 0 && <h3>Joined</h3>}
          <ul class="lines">{one.links.map((link) => (
            <li key={`${link.customer_id} ${link.other_customer_id}`}><div class="what">{t('{one} and {other}', { one: identityName(link.type), other: identityName(link.other_type) })}
              <small>since <When at={link.since} />, by {link.source}</small></div>
              <Badge look={link.counts ? 'good' : 'plain'}>{link.cut ? 'cut' : t('{share} sure', { share: percent(link.confidence, 0) })}</Badge>
              {!link.cut && may('customers:write') && <Button onPress={() => cut(link)} label={t('Cut the link between {one} and {other}', { one: identityName(link.type), other: identityName(link.other_type) })}>Cut</Button>}</li>
          ))}</ul>
        </Card>
        {may('consent:read') && <ConsentCard customer={one.customer_id} />}
      </div>
    </>
  );
}

/** Events by day, the newest day first; page views in a row are folded. */
function Timeline({ events, zone }: { events: readonly TimelineEventOut[]; zone: string }) {
  const days = new Map<string, TimelineEventOut[]>();
  for (const event of [...events].sort((a, b) => b.occurred_at.localeCompare(a.occurred_at))) {
    const day = new Date(event.occurred_at).toLocaleDateString(undefined, { dateStyle: 'full', timeZone: zone });
    days.set(day, [...(days.get(day) ?? []), event]);
  }
  return (
    <>{[...days].map(([day, listed], place) => (
      <details key={day} open={place < 3}>
        <summary>{day} <span class="soft small">{count(listed.length)}</span></summary>
        <ol class="steps-path">{listed.map((event) => (
          <li key={event.event_id} class={event.conversion ? 'c5' : event.touch ? `c${colourOf(event.touch.channel)}` : ''}>
            <time dateTime={event.occurred_at}>{new Date(event.occurred_at).toLocaleTimeString(undefined, { timeStyle: 'short', timeZone: zone })}</time>{' '}
            <strong><Name>{eventText(event.name)}</Name></strong>{' '}
            {event.touch && <Badge><Name>{event.touch.channel}</Name></Badge>}{' '}
            {event.conversion && <a href={hrefOf('conversion', { id: event.conversion.conversion_id, customer: null })}><Badge look="good">{money(event.conversion.value_micros, event.conversion.currency)}</Badge></a>}
            <div class="small soft" title={event.url}><Name>{event.url.replace(/[?#].*$/, '')}</Name></div>
            {event.touch?.campaign && <div class="small soft">{t(event.touch.campaign === '(not set)' ? 'From {source}' : 'Campaign {campaign} from {source}', { campaign: event.touch.campaign, source: event.touch.source })}</div>}
          </li>
        ))}</ol>
      </details>
    ))}</>
  );
}
