/** Questions to `POST /v1/sites/{site_id}/query`, made of what a page shows. */

import { useMemo } from 'preact/hooks';
import { usePost, type Asked } from './asking';
import { dimensionOf, METRICS, type Source } from './catalogue';
import { isValue, knows, sent, type Group } from './filters';
import type { AnswerOut, QuestionIn, RowOut } from '../types';
import { periodOf, type View } from './view';

export type Answer = AnswerOut;
export type Row = RowOut;

export interface Question {
  metrics: readonly string[];
  dimensions?: readonly string[];
  filters?: readonly Group[];
  order?: string;
  limit?: number;
  compare?: View['compare'];
}

/** Metrics that the view's filters and the question's dimensions leave; the others' sources do not know them. */
export function usable(metrics: readonly string[], filters: readonly Group[], dimensions: readonly string[] = []): string[] {
  const known = (source: Source) => knows(source, filters)
    && dimensions.every((name) => dimensionOf(name)?.sources.includes(source) ?? true);
  return metrics.filter((name) => METRICS[name]?.sources.every(known));
}

/** All filters of a view, those of its segments and its conversion among them. */
export const filtersOf = (view: View): Group[] => [...ownFilters(view), ...view.segments.flatMap(({ groups }) => groups)];

/** Filters that are sent as they are; segments are sent by name. */
const ownFilters = (view: View): Group[] => [...view.filters, ...(view.conversion ? [isValue('conversion', view.conversion)] : [])];

/** Whether a view leaves out anything. */
export const isFiltered = (view: View): boolean => filtersOf(view).length > 0;

/** The ids of a view's segments, as the API takes them. */
export const segmentsOf = (view: View): string[] => view.segments.map(({ id }) => id);

/** Those of `wanted` that can be asked with the view's filters, and those that cannot. */
export function split(view: View, wanted: readonly string[], dimensions: readonly string[] = []) {
  const shown = usable(wanted, filtersOf(view), dimensions);
  return { shown, left: wanted.filter((name) => !shown.includes(name)) };
}

/** The body of a question about a view. */
export function bodyOf(view: View, question: Question): QuestionIn {
  return {
    metrics: [...question.metrics] as QuestionIn['metrics'],
    dimensions: [...question.dimensions ?? []] as QuestionIn['dimensions'] & {},
    filters: sent([...ownFilters(view), ...question.filters ?? []]),
    segments: segmentsOf(view),
    period: periodOf(view),
    compare: question.compare ?? view.compare,
    model: view.model || null,
    basis: view.basis,
    order: question.order ?? '',
    limit: question.limit ?? 100,
  };
}

/** The answer to a question about a view; null asks nothing. */
export function useQuestion(view: View, question: Question | null): Asked<Answer> {
  const asks = question && question.metrics.length > 0;
  const shape = question ? [...question.metrics, ...question.dimensions ?? []].join() : '';
  const asked = usePost<Answer>(`/v1/sites/${view.site.site_id}/query`, asks ? bodyOf(view, question) : null, shape);
  const answer = useMemo(() => asked.answer && comparable(asked.answer), [asked.answer]);
  return { ...asked, answer };
}

/** Without the numbers before where nothing was counted then: “new” in every row would say nothing. */
export function comparable<Found extends Pick<Answer, 'totals' | 'rows'>>(answer: Found): Found {
  if (answer.totals.before.some((value) => value)) return answer;
  const [totals, rows] = [{ ...answer.totals, before: [] }, answer.rows.map((row) => ({ ...row, before: [] }))];
  return { ...answer, totals, rows };
}

/** A row's value of a metric. */
export function valueOf(answer: Answer, row: Row, metric: string): number | null {
  return row.values[placeOf(answer, metric)] ?? null;
}

/** The same of the period compared with. */
export function beforeOf(answer: Answer, row: Row, metric: string): number | null {
  return row.before[placeOf(answer, metric)] ?? null;
}

const placeOf = (answer: Answer, metric: string): number => answer.metrics.findIndex(({ name }) => name === metric);
