// {"title": "Live", "menu": "Start", "order": 20, "site": true, "needs": "reports:read", "words": "now realtime real-time visitors online"}
/** Who is on the site now: people by minute, pages, sources, countries, and what happens. */

import { useEffect, useState } from 'preact/hooks';
import { BarList } from '../../parts/bar-list';
import { useGet } from '../../shared/asking';
import { colourOf } from '../../shared/chart-scale';
import { count, eventText, money } from '../../shared/format';
import { LineChart } from '../../shared/line-chart';
import { Badge, Button, Card, Empty, Loaded, Name } from '../../shared/pieces';
import { PageHead } from '../../shared/report';
import { useView } from '../../shared/view';
import { isolated, plural, t } from '../../shared/words';
import { hrefOf } from '../../shared/address';
import type { HappenedOut, LiveOut, TopOut } from '../../types';

const EVERY_MS = 10_000;

export default function Live() {
  const { site } = useView();
  const live = useGet<LiveOut>(`/v1/sites/${site.site_id}/live`);
  const [paused, setPaused] = useState(false);
  useEffect(() => {
    if (paused) return undefined;
    const timer = setInterval(() => { if (!document.hidden) live.again(); }, EVERY_MS);
    return () => clearInterval(timer);
  }, [paused, live.again]);
  const clock = (at: string, seconds = false) => new Date(at).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit', ...(seconds ? { second: '2-digit' } : {}), timeZone: site.timezone });
  return (
    <>
      <PageHead title="Live" about={t('The last 30 minutes, by the clock of {zone}. People are those with an event in the last 5 minutes.', { zone: site.timezone })}>
        <Button onPress={() => setPaused(!paused)}>{paused ? 'Go on' : 'Pause'}</Button>
      </PageHead>
      <Loaded of={{ ...live, loading: false }} rows={6} tall>{(now) => (
        <>
          <p class="edge">{t('Counted at {time}', { time: clock(now.data_until, true) })}{paused && ' · paused'}</p>
          <Card title={plural(now.people, { one: '{n} person now', other: '{n} people now' })}>
            <LineChart shared finest={1} labels={now.minutes.map(({ minute_at: at }) => clock(at))} longLabels={now.minutes.map(({ minute_at: at }) => clock(at))} open={1}
              series={[{ name: 'People', text: count, axisText: (value) => count(value), values: now.minutes.map(({ people }) => people) }]}
              summary="People by minute. The last minute is not over." height={180} />
          </Card>
          {now.latest.length === 0 && (
            <Card><Empty title="Nobody in the last 30 minutes"><p>Open a page of your site and come back, or <a href={hrefOf('install')}>check the installation</a>.</p></Empty></Card>
          )}
          {now.latest.length > 0 && (
            <>
              <div class="columns">
                <Card title="Pages"><Tops head="Page" tops={now.pages} /></Card>
                <Card title="Sources"><Tops head="Source" tops={now.sources} /></Card>
              </div>
              <div class="columns">
                <Card title="What happens"><Stream events={now.latest} clock={clock} /></Card>
                <div>
                  <Card title="Conversions">{now.conversions.length ? <Stream events={now.conversions} clock={clock} /> : <p class="nothing">None in the last 30 minutes.</p>}</Card>
                  <Card title="Countries"><Tops head="Country" tops={now.countries} /></Card>
                </div>
              </div>
            </>
          )}
        </>
      )}</Loaded>
    </>
  );
}

function Tops({ head, tops }: { head: string; tops: readonly TopOut[] }) {
  if (!tops.length) return <p class="nothing">None in the last 30 minutes.</p>;
  return (
    <BarList head={head} things="People" summary={t('Most people: {name}.', { name: tops[0]?.value || '(unknown)' })}
      bars={tops.map(({ value, people }) => ({ name: value || '(unknown)', value: people, text: count(people) }))} />
  );
}

const Stream = ({ events, clock }: { events: readonly HappenedOut[]; clock: (at: string, seconds: boolean) => string }) => (
  <ol class="steps-path">{events.map((one, place) => (
    <li key={`${one.occurred_at} ${place}`} class={one.conversion ? 'c5' : `c${colourOf(one.channel)}`}>
      <time dateTime={one.occurred_at}>{clock(one.occurred_at, true)}</time> <strong><Name>{eventText(one.event)}</Name></strong>{' '}
      {one.channel && <Badge><Name>{one.channel}</Name></Badge>}{' '}
      {one.conversion && one.value_micros != null && one.currency && <Badge look="good">{money(one.value_micros, one.currency)}</Badge>}
      <div class="small soft">{[one.page, one.source, one.country].filter(Boolean).map(isolated).join(' · ')}</div>
    </li>
  ))}</ol>
);
