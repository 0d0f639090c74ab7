// {"title": "Overview", "menu": "Start", "order": 10, "home": true, "needs": "reports:read", "bar": ["period", "compare", "filters", "conversion", "model", "basis"], "params": {"metric": [], "second": []}, "words": "dashboard home summary report"}
/** How the site does: six numbers with their change, two of them over the days, and what brought them. */

import type { ComponentChildren } from 'preact';
import { ForecastCard } from '../../shared/forecast';
import { Newness } from '../../parts/newness';
import { NoData } from '../../parts/no-data';
import { columnsOf, TILES, useOverview, type Tops } from '../../parts/overview-numbers';
import { MetricTile } from '../../shared/tiles';
import { HourChart, SeriesChart } from '../../shared/series';
import { hrefOf, setParams, useAddress } from '../../shared/address';
import type { Asked } from '../../shared/asking';
import { dimensionTitle, METRICS, metricTitle } from '../../shared/catalogue';
import { bucketFor } from '../../shared/days';
import { NO_VALUE, metricText, valueText } from '../../shared/format';
import { Pick } from '../../shared/pick';
import { Card, Loaded } from '../../shared/pieces';
import { beforeOf, isFiltered, split, valueOf, type Answer } from '../../shared/question';
import { Edge, LeftOut, NothingHere, Notes, PageHead } from '../../shared/report';
import { DataTable, Delta, linesOf, metricColumns } from '../../shared/table';
import { useView } from '../../shared/view';
import { t } from '../../shared/words';

/** The report behind each number, with the same days and filters. */
const REPORT: Record<string, string> = { spend: 'campaigns', roas: 'campaigns', cpa: 'campaigns' };

export default function Overview() {
  const view = useView();
  const bucket = bucketFor(view.from, view.to);
  const { numbers, channels, campaigns, newness, apart } = useOverview(view, bucket);
  const { shown, left } = split(view, TILES);
  if (numbers.answer && !numbers.loading && isEmpty(numbers.answer)) {
    return <><PageHead title="Overview" />{isFiltered(view) ? <Card><NothingHere view={view} what="visits or sales" /></Card> : <NoData view={view} />}</>;
  }
  return (
    <>
      <PageHead title="Overview" />
      <Loaded of={numbers} rows={3} tall>{(answer) => (
        <>
          <Edge answer={answer} />
          <Notes answer={answer} />
          <LeftOut metrics={left} view={view} />
          <Numbers answer={answer} shown={shown} bucket={bucket} />
        </>
      )}</Loaded>
      {(apart || !numbers.error) && <div class="columns">
        <Top of={channels} dimension="channel" page="channels" />
        <Top of={campaigns} dimension="campaign" page="campaigns" />
      </div>}
      {newness && <div class="columns"><Newness found={newness} /><ForecastCard view={view} /></div>}
    </>
  );
}

const isEmpty = (answer: Answer): boolean => [...answer.totals.values, ...answer.totals.before].every((value) => !value);

function Numbers({ answer, shown, bucket }: { answer: Answer; shown: readonly string[]; bucket: string }) {
  const view = useView();
  const url = useAddress();
  const pick = (name: string, otherwise: string | undefined) => {
    const asked = url.searchParams.get(name) ?? '';
    return shown.includes(asked) ? asked : otherwise;
  };
  // A site that sells nothing sees its visits first.
  const metric = pick('metric', shown.find((name) => valueOf(answer, answer.totals, name)) ?? shown[0]);
  const second = url.searchParams.get('second') === 'none' ? undefined : pick('second', shown.find((name) => name !== metric && name === 'visits'));
  const drawn = metric && second && second !== metric ? [metric, second] : [metric ?? ''];
  return (
    <>
      <div class="tiles">{shown.map((name) => (
        <MetricTile key={name} metric={name} answer={answer} chosen={name === metric} href={hrefOf(REPORT[name] ?? 'channels', { sort: name === 'revenue' ? null : `-${name}` })}
          onChoose={() => setParams({ metric: name }, 'replace')} />
      ))}</div>
      {metric && (
        <Card title={t('{metric} over time', { metric: metricTitle(metric) })} aside={(
          <Pick name="With" value={second ?? 'none'} onPick={(name) => setParams({ second: name }, 'replace')}
            options={[['none', 'Nothing else'], ...shown.filter((name) => name !== metric).map((name): [string, string] => [name, metricTitle(name)])]} />
        )}>
          {view.from === view.to ? <HourChart view={view} metrics={drawn} /> : <SeriesChart answer={answer} bucket={bucket} metrics={drawn} opens />}
        </Card>
      )}
    </>
  );
}

/** The first rows by a dimension, and those that changed most. */
function Top({ of, dimension, page }: { of: Asked<Tops>; dimension: string; page: string }) {
  const name = dimensionTitle(dimension);
  const open = (value: string) => <a class="row-link" href={hrefOf(page, { row: `${dimension}~${encodeURIComponent(value)}` })}>{valueText(value)}</a>;
  return (
    <Card title={t('{dimension}s', { dimension: name })} aside={<a href={hrefOf(page)}>{t('All {dimension}s', { dimension: name.toLowerCase() })}</a>}>
      <Loaded of={of} rows={6}>{(tops) => (tops.answer.rows.length ? (
        <>
          <DataTable head={name} caption={t('Top {dimension}s', { dimension: name.toLowerCase() })} columns={metricColumns(columnsOf(tops), tops.answer.currency)}
            lines={linesOf(tops.answer, ({ keys: [value = ''] }) => ({ key: value, plain: value || NO_VALUE, name: open(value) }), columnsOf(tops))} />
          <Changes tops={tops} nameOf={open} />
        </>
      ) : <p class="nothing">{t('No visit or sale came by a {dimension} in these days.', { dimension: name.toLowerCase() })}</p>)}</Loaded>
    </Card>
  );
}

function Changes({ tops: { answer, changed }, nameOf }: { tops: Tops; nameOf: (value: string) => ComponentChildren }) {
  const metric = answer.metrics[0]?.name ?? '';
  if (!changed.length) return null;
  return (
    <>
      <h3>{t('{metric} changed most', { metric: metricTitle(metric) })}</h3>
      <ul class="changes">{changed.map((row) => {
        const [now, before] = [valueOf(answer, row, metric) ?? 0, beforeOf(answer, row, metric) ?? 0];
        return (
          <li key={row.keys[0]}><span>{nameOf(row.keys[0] ?? '')}</span>
            <span class="number">{t('{before} → {now}', { before: metricText(metric, before, answer.currency), now: metricText(metric, now, answer.currency) })}</span>
            <Delta now={now} before={before} less={METRICS[metric]?.less} /></li>
        );
      })}</ul>
    </>
  );
}
