/** Numbers over time: metrics of a view, or the first rows of a breakdown as lines. */

import { setParams } from './address';
import type { Series } from './chart-parts';
import { colourOf } from './chart-scale';
import { METRICS, dimensionTitle, metricTitle } from './catalogue';
import { bucketFor, bucketsOf, dayText } from './days';
import { axisText, metricText, eventText, valueTitle } from './format';
import type { Group } from './filters';
import { LineChart } from './line-chart';
import { StackedChart } from './stacked-chart';
import { Loaded } from './pieces';
import { beforeOf, useQuestion, valueOf, type Answer } from './question';
import type { View } from './view';
import { t } from './words';

/** One metric's line of an answer by day, week or month. */
export function lineOf(answer: Answer, metric: string, bars = false): Series {
  const compared = answer.totals.before.length > 0;
  return {
    name: metricTitle(metric), ...(bars ? { bars, colour: NEUTRAL } : {}),
    values: answer.rows.map((row) => valueOf(answer, row, metric)),
    ...(compared && !bars ? { before: answer.rows.map((row) => beforeOf(answer, row, metric)) } : {}),
    text: (value) => metricText(metric, value, answer.currency),
    axisText: (value) => axisText(metric, value, answer.currency),
  };
}

/** Shows one day of a report alone. */
const openDay = (day: string): void => setParams({ period: null, from: day, to: day });

interface SeriesProps {
  answer: Answer;
  metrics: readonly string[];
  bucket: string;
  height?: number;
  /** A day opens by a click: on pages whose filter bar has days. */
  opens?: boolean;
}

export function SeriesChart({ answer, metrics, bucket, height, opens = false }: SeriesProps) {
  const days = answer.rows.map((row) => row.keys[0] ?? '');
  const [first, second] = metrics;
  if (!first) return null;
  const total = answer.totals.values[answer.metrics.findIndex(({ name }) => name === first)] ?? null;
  return (
    <LineChart labels={days.map((day) => dayText(day, bucket))} longLabels={days.map((day) => dayText(day, bucket, 'long'))} height={height}
      open={answer.incomplete_days.length ? 1 : 0} onChoose={opens && bucket === 'day' ? (at) => openDay(days[at] ?? '') : undefined}
      series={[...(second ? [lineOf(answer, first), lineOf(answer, second, true)] : [lineOf(answer, first)])]}
      summary={t('{metric} by {bucket}: {total} in all.', { metric: metricTitle(first), bucket, total: metricText(first, total, answer.currency) })} />
  );
}

/** Metrics of one day by the hour. Cost is not known by the hour. */
export function HourChart({ view, metrics }: { view: View; metrics: readonly string[] }) {
  const known = metrics.filter((name) => !METRICS[name]?.sources.includes('ads'));
  const question = useQuestion(view, { metrics: known, dimensions: ['hour'] });
  if (!known.length) return <p class="nothing">Cost is known by the day. Choose another number above, or more days.</p>;
  return <Loaded of={question} rows={3} tall>{(answer) => <SeriesChart answer={answer} bucket="hour" metrics={known} />}</Loaded>;
}

const OTHERS = 'All others';
const NEUTRAL = 0;

/** A metric over time, stacked: the values of a dimension with the most of it, and all others together. */
export function TopSeries({ view, metric, dimension, filters, most = 5 }: { view: View; metric: string; dimension: string; filters?: readonly Group[]; most?: number }) {
  const bucket = view.from === view.to ? 'hour' : bucketFor(view.from, view.to);
  const question = useQuestion(view, { metrics: [metric], dimensions: [bucket, dimension], filters: filters ?? [], limit: 10_000, compare: 'NONE' });
  return (
    <Loaded of={question} rows={3} tall>{(answer) => {
      const times = bucketsOf(answer.period.from, answer.period.to, bucket);
      const { top, at, totals } = added(answer, most);
      if (!top.length) return <p class="nothing">Nothing in these days.</p>;
      const text = (number: number | null) => metricText(metric, number, answer.currency);
      const colours = dimension === 'channel' ? coloursOf(top) : top.map((_, place) => place + 1);
      const series: Series[] = top.map((value, place) => ({ name: dimension === 'event' ? eventText(value) : valueTitle(dimension, value), colour: colours[place], values: times.map((time) => at.get(`${time} ${value}`) ?? 0), text }));
      const others = times.map((time, place) => (totals.get(time) ?? 0) - series.reduce((sum, { values }) => sum + (values[place] ?? 0), 0));
      if (others.some((value) => Math.abs(value) > 0.001)) series.push({ name: OTHERS, colour: NEUTRAL, values: others, text });
      return (
        <StackedChart series={series} text={text} axisText={(number) => axisText(metric, number, answer.currency)}
          labels={times.map((time) => dayText(time, bucket))} longLabels={times.map((time) => dayText(time, bucket, 'long'))} open={answer.incomplete_days.length ? 1 : 0}
          onChoose={bucket === 'day' ? (place) => openDay(times[place] ?? '') : undefined}
          summary={t('{metric} by {bucket}, stacked: the first {count} by {dimension}.', {
            metric: metricTitle(metric), bucket, count: top.length, dimension: dimensionTitle(dimension).toLowerCase(),
          })} />
      );
    }}</Loaded>
  );
}

/** The first values by their sum, the numbers by time and value, and the totals by time. */
function added(answer: Answer, most: number) {
  const [sums, at, totals] = [new Map<string, number>(), new Map<string, number>(), new Map<string, number>()];
  for (const { keys: [time = '', value = ''], values: [number] } of answer.rows) {
    sums.set(value, (sums.get(value) ?? 0) + (number ?? 0));
    totals.set(time, (totals.get(time) ?? 0) + (number ?? 0));
    at.set(`${time} ${value}`, number ?? 0);
  }
  const top = [...sums].filter(([, sum]) => sum > 0).sort((a, b) => b[1] - a[1]).slice(0, most).map(([value]) => value);
  return { top, at, totals };
}

/** A colour for each channel, its own if no other has it. */
function coloursOf(names: readonly string[]): number[] {
  const used = new Set<number>();
  return names.map((name) => {
    let colour = colourOf(name);
    while (used.has(colour) && used.size < 8) colour = (colour % 8) + 1;
    used.add(colour);
    return colour;
  });
}
