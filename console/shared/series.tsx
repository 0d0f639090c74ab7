/** Numbers over time: metrics of a view, or the first rows of a breakdown as lines. */

import { colourOf } from './chart-scale';
import { dimensionTitle, metricTitle } from './catalogue';
import { bucketFor, bucketsOf, dayText } from './days';
import { axisText, metricText, valueText } from './format';
import type { Filter } from './filters';
import { LineChart, type Series } from './line-chart';
import { Loaded } from './pieces';
import { beforeOf, useQuestion, valueOf, type Answer } from './question';
import type { View } from './view';
import { t } from './words';

/** One metric's line of an answer by day, week or month. */
export function lineOf(answer: Answer, metric: string, bars = false): Series {
  const compared = answer.compared !== null;
  return {
    name: metricTitle(metric), bars,
    values: answer.rows.map((row) => valueOf(answer, row, metric)),
    ...(compared && !bars ? { before: answer.rows.map((row) => beforeOf(answer, row, metric)) } : {}),
    text: (value) => metricText(metric, value, answer.currency),
    axisText: (value) => axisText(metric, value, answer.currency),
  };
}

export function SeriesChart({ answer, metrics, bucket, height }: { answer: Answer; metrics: readonly string[]; bucket: string; height?: number }) {
  const days = answer.rows.map((row) => row.keys[0] ?? '');
  const [first, second] = metrics;
  if (!first) return null;
  const total = answer.totals.values[answer.metrics.findIndex(({ name }) => name === first)] ?? null;
  return (
    <LineChart labels={days.map((day) => dayText(day, bucket))} longLabels={days.map((day) => dayText(day, bucket, 'long'))} height={height}
      open={answer.incomplete_days.length ? 1 : 0}
      series={[...(second ? [lineOf(answer, first), lineOf(answer, second, true)] : [lineOf(answer, first)])]}
      summary={t('{metric} by {bucket}: {total} in all.', { metric: metricTitle(first), bucket, total: metricText(first, total, answer.currency) })} />
  );
}

/** The values of a dimension with the most of a metric, each a line. */
export function TopSeries({ view, metric, dimension, filters, most = 5 }: { view: View; metric: string; dimension: string; filters?: Filter[]; most?: number }) {
  const bucket = bucketFor(view.from, view.to);
  const question = useQuestion(view, { metrics: [metric], dimensions: [bucket, dimension], filters: filters ?? [], limit: 10_000, compare: 'NONE' });
  return (
    <Loaded of={question} rows={3} tall>{(answer) => {
      const days = bucketsOf(answer.period.from, answer.period.to, bucket);
      const sums = new Map<string, number>();
      const at = new Map<string, number | null>();
      for (const { keys: [day = '', value = ''], values } of answer.rows) {
        sums.set(value, (sums.get(value) ?? 0) + (values[0] ?? 0));
        at.set(`${day} ${value}`, values[0] ?? null);
      }
      const top = [...sums].sort((a, b) => b[1] - a[1]).slice(0, most).map(([value]) => value);
      const used = new Set<number>();
      const series = top.map((value): Series => {
        let colour = colourOf(value);
        while (used.has(colour) && used.size < 8) colour = (colour % 8) + 1;
        used.add(colour);
        return {
          name: valueText(value), colour, values: days.map((day) => at.get(`${day} ${value}`) ?? 0),
          text: (number) => metricText(metric, number, answer.currency), axisText: (number) => axisText(metric, number, answer.currency),
        };
      });
      if (!series.length || days.length < 2) return null;
      return (
        <LineChart shared series={series} labels={days.map((day) => dayText(day, bucket))} longLabels={days.map((day) => dayText(day, bucket, 'long'))}
          open={answer.incomplete_days.length ? 1 : 0}
          summary={t('{metric} by {bucket} of the first {count} values of {dimension}.', {
            metric: metricTitle(metric), bucket, count: series.length, dimension: dimensionTitle(dimension).toLowerCase(),
          })} />
      );
    }}</Loaded>
  );
}
