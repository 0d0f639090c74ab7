// {"title": "Overview", "menu": "Start", "order": 10, "home": true, "needs": "reports:read", "bar": ["period", "compare", "filters", "conversion", "model", "basis"], "params": {"metric": [], "second": []}, "words": "dashboard home summary report"}
/** How the site does: six numbers with their change, two of them over the days, and what brought them. */

import type { ComponentChildren } from 'preact';
import { MetricTile } from '../../shared/tiles';
import { SeriesChart } from '../../shared/series';
import { hrefOf, setParams, useAddress } from '../../shared/address';
import { TrackerTag } from '../../shared/beginnings';
import { dimensionTitle, METRICS, metricTitle } from '../../shared/catalogue';
import { colourOf } from '../../shared/chart-scale';
import { bucketFor } from '../../shared/days';
import { metricText, valueText } from '../../shared/format';
import { Pick } from '../../shared/pick';
import { Card, Empty, Loaded } from '../../shared/pieces';
import { beforeOf, split, useQuestion, valueOf, type Answer } from '../../shared/question';
import { Edge, LeftOut, Notes, PageHead } from '../../shared/report';
import { useSession } from '../../shared/session';
import { DataTable, Delta, linesOf, metricColumns } from '../../shared/table';
import { useView, type View } from '../../shared/view';
import { t } from '../../shared/words';

const TILES = ['revenue', 'spend', 'roas', 'conversions', 'cpa', 'visits'];
const MOST = 500;
const SHOWN = 6;
const CHANGED = 5;
const REPORT: Record<string, string> = { visits: 'pages', revenue: 'channels', conversions: 'conversions', spend: 'campaigns', roas: 'campaigns', cpa: 'campaigns' };

export default function Overview() {
  const view = useView();
  const bucket = bucketFor(view.from, view.to);
  const { shown, left } = split(view, TILES);
  const question = useQuestion(view, { metrics: shown, dimensions: [bucket] });
  return (
    <>
      <PageHead title="Overview" />
      <Loaded of={question} rows={3} tall>{(answer) => (isEmpty(answer) && !view.filters.length && !view.conversion
        ? <NoData view={view} />
        : (
          <>
            <Edge answer={answer} />
            <Notes answer={answer} />
            <LeftOut metrics={left} view={view} />
            <Numbers answer={answer} shown={shown} bucket={bucket} />
          </>
        ))}</Loaded>
      <div class="columns">
        <Top view={view} dimension="channel" page="channels" />
        <Top view={view} dimension="campaign" page="campaigns" />
      </div>
    </>
  );
}

const isEmpty = (answer: Answer): boolean => answer.totals.values.every((value) => !value);

function Numbers({ answer, shown, bucket }: { answer: Answer; shown: readonly string[]; bucket: string }) {
  const url = useAddress();
  const pick = (name: string, otherwise: string | undefined) => {
    const asked = url.searchParams.get(name) ?? '';
    return shown.includes(asked) ? asked : otherwise;
  };
  const metric = pick('metric', shown[0]);
  const second = url.searchParams.get('second') === 'none' ? undefined : pick('second', shown.find((name) => name !== metric && name === 'visits'));
  return (
    <>
      <div class="tiles">{shown.map((name) => (
        <MetricTile key={name} metric={name} answer={answer} chosen={name === metric} href={hrefOf(REPORT[name] ?? 'channels')}
          onChoose={() => setParams({ metric: name }, 'replace')} />
      ))}</div>
      {metric && (
        <Card title={t('{metric} over time', { metric: metricTitle(metric) })} aside={(
          <Pick name="With" value={second ?? 'none'} onPick={(name) => setParams({ second: name }, 'replace')}
            options={[['none', 'Nothing else'], ...shown.filter((name) => name !== metric).map((name): [string, string] => [name, metricTitle(name)])]} />
        )}>
          <SeriesChart answer={answer} bucket={bucket} metrics={second && second !== metric ? [metric, second] : [metric]} />
        </Card>
      )}
    </>
  );
}

/** The first rows by a dimension, and those whose revenue changed most. */
function Top({ view, dimension, page }: { view: View; dimension: string; page: string }) {
  const shown = split(view, ['revenue', 'conversions', 'roas', 'visits', 'people'], [dimension]).shown.slice(0, 3);
  const question = useQuestion(view, { metrics: shown, dimensions: [dimension], limit: MOST });
  const name = dimensionTitle(dimension);
  const open = (value: string) => <a class="row-link" href={hrefOf(page, { row: `${dimension}~${encodeURIComponent(value)}` })}>{valueText(value)}</a>;
  return (
    <Card title={t('{dimension}s', { dimension: name })} aside={<a href={hrefOf(page)}>All</a>}>
      <Loaded of={question} rows={6}>{(answer) => (answer.rows.length ? (
        <>
          <DataTable head={name} caption={t('Top {dimension}s', { dimension: name.toLowerCase() })} columns={metricColumns(shown, answer.currency)}
            lines={linesOf({ ...answer, rows: answer.rows.slice(0, SHOWN) }, ({ keys: [value = ''] }) => ({ key: value, plain: valueText(value), colour: colourOf(value), name: open(value) }))} />
          <Changes answer={answer} metric={shown[0] ?? ''} nameOf={open} />
        </>
      ) : <p class="nothing">Nothing in these days.</p>)}</Loaded>
    </Card>
  );
}

function Changes({ answer, metric, nameOf }: { answer: Answer; metric: string; nameOf: (value: string) => ComponentChildren }) {
  if (!answer.compared) return null;
  const changes = answer.rows.map((row) => ({ value: row.keys[0] ?? '', now: valueOf(answer, row, metric) ?? 0, before: beforeOf(answer, row, metric) ?? 0 }))
    .filter(({ now, before }) => now !== before)
    .sort((a, b) => Math.abs(b.now - b.before) - Math.abs(a.now - a.before)).slice(0, CHANGED);
  if (!changes.length) return null;
  return (
    <>
      <h3>{t('{metric} changed most', { metric: metricTitle(metric) })}</h3>
      <ul class="changes">{changes.map(({ value, now, before }) => (
        <li key={value}><span>{nameOf(value)}</span>
          <span class="number">{t('{before} → {now}', { before: metricText(metric, before, answer.currency), now: metricText(metric, now, answer.currency) })}</span>
          <Delta now={now} before={before} less={METRICS[metric]?.less} /></li>
      ))}</ul>
    </>
  );
}

/** Nothing came yet, or nothing in these days: how to install, and where to look. */
function NoData({ view }: { view: View }) {
  const { may } = useSession();
  return (
    <Card>
      <Empty title="Nothing in these days yet">
        <p>No visit, sale or cost is known in these days. Choose other days, or check that the tracker is on your pages.</p>
      </Empty>
      <TrackerTag site={view.site} />
      <div class="actions">
        <a class="button" href={hrefOf('install')}>Check the installation</a>
        {may('sites:write') && <a class="button second" href="/console/sites">Add a site</a>}
      </div>
    </Card>
  );
}
