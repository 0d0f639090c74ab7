/** The answer to a saved view, drawn as its kind is: numbers, a line, a table, a funnel, cohorts, flows, bars. */

import { BUCKETS, dimensionTitle } from '../shared/catalogue';
import { dayText, rangeText } from '../shared/days';
import { NO_VALUE, percent, valueTitle } from '../shared/format';
import type { Answer } from '../shared/question';
import { untilText } from '../shared/report';
import { SeriesChart } from '../shared/series';
import { DataTable, linesOf, metricColumns } from '../shared/table';
import { MetricTile } from '../shared/tiles';
import { t } from '../shared/words';
import type { CardAnswerOut, CohortsOut, FunnelOut, LagsOut, OverlapOut, PathsOut, RetentionOut, ViewOut } from '../types';
import { Cohorts } from './cohorts';
import { Flows } from './flows';
import { ValueTable } from './cohort-value';
import { FunnelChart } from './funnel-chart';
import { Lags } from './lags';
import { Combinations } from './reach';
import { nameOf } from './steps-editor';
import { groupsOf } from '../shared/filters';

type Body = Record<string, unknown>;

interface Props {
  kind: ViewOut['kind'];
  answer: NonNullable<CardAnswerOut['answer']>;
  /** What the view asks; null where only its answer is known. */
  question: Body | null;
  columns: readonly string[];
  /** How many rows of a table are shown at first. */
  rows: number;
}

export function ViewAnswer({ kind, answer, question, columns, rows }: Props) {
  return (
    <>
      <p class="edge" title={untilText(answer.data_until, answer.timezone, answer.incomplete_days.length > 0)}>{rangeText(answer.period.from, answer.period.to)}</p>
      {drawn({ kind, answer, question, columns, rows }) ?? <p class="nothing">Nothing in these days.</p>}
    </>
  );
}

function drawn({ kind, answer, question, columns, rows }: Props) {
  switch (kind) {
    case 'SEGMENT': return null;
    case 'QUESTION': return ofQuestion(answer as Answer, columns, rows);
    case 'FUNNEL': return ofFunnel(answer as FunnelOut, question);
    case 'RETENTION': return ofRetention(answer as RetentionOut, question);
    case 'PATHS': return (answer as PathsOut).paths ? <Flows answer={answer as PathsOut} backward={question?.direction === 'BACKWARD'} /> : null;
    case 'TIME_TO_CONVERT': return ofLags(answer as LagsOut);
    case 'COHORT_VALUE': return (answer as CohortsOut).cohorts.length ? <ValueTable answer={answer as CohortsOut} /> : null;
    case 'OVERLAP': return (answer as OverlapOut).conversions ? <Combinations answer={answer as OverlapOut} /> : null;
  }
}

function ofQuestion(answer: Answer, columns: readonly string[], rows: number) {
  const metrics = answer.metrics.map(({ name }) => name).filter((name) => !columns.length || columns.includes(name));
  const [first = '', ...more] = answer.dimensions;
  if (!first) return <div class="tiles flat">{metrics.map((name) => <MetricTile key={name} metric={name} answer={answer} />)}</div>;
  if (!answer.rows.length) return null;
  if (Object.hasOwn(BUCKETS, first) && !more.length && answer.rows.length > 1) return <SeriesChart answer={answer} bucket={first} metrics={metrics.slice(0, 2)} />;
  const head = answer.dimensions.map(dimensionTitle).join(', ');
  return (
    <DataTable head={head} caption={t('Numbers by {dimension}', { dimension: head })} columns={metricColumns(metrics, answer.currency)} first={rows}
      totals={metrics.map((name) => answer.totals.values[answer.metrics.findIndex((one) => one.name === name)] ?? null)}
      lines={linesOf(answer, ({ keys }) => {
        const name = keys.map((value, at) => keyText(answer.dimensions[at] ?? '', value)).join(' · ');
        return { key: keys.join('\n'), plain: keys.join(' · ') || NO_VALUE, name };
      }, metrics)} />
  );
}

/** A value of a dimension as people read it. */
function keyText(dimension: string, value: string): string {
  if (Object.hasOwn(BUCKETS, dimension)) return dayText(value, dimension);
  return valueTitle(dimension, value);
}

function ofFunnel(found: FunnelOut, question: Body | null) {
  if (!found.steps[0]?.units) return null;
  const asked = question?.steps as { event: string; filters?: unknown }[] | undefined;
  const names = found.steps.map((_, at) => (asked?.[at] ? nameOf({ event: asked[at].event, filters: groupsOf(asked[at].filters) }) : t('Step {number}', { number: at + 1 })));
  return <FunnelChart steps={found.steps} names={names} summary={t('{share} reach the last step.', { share: percent(found.steps.at(-1)?.from_first ?? null) })} />;
}

function ofRetention(found: RetentionOut, question: Body | null) {
  if (!found.cohorts.some(({ people }) => people > 0)) return null;
  return <Cohorts answer={found} interval={String(question?.interval ?? 'WEEK')} />;
}

function ofLags(found: LagsOut) {
  return found.conversions > found.no_touch ? <Lags title="From the first touch" lags={found.first} bins={found.bins} /> : null;
}
