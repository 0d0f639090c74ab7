/** Where the console shows a saved view: the page, and what its address says. */

import { filtersText, groupsOf } from '../shared/filters';
import { idsText } from '../shared/segments';
import type { ViewOut } from '../types';
import { stepsText } from './steps-editor';

export interface Place { page: string; params: Record<string, string | null> }

type Body = Record<string, unknown>;

/** The pages that show each kind of question. */
const PLACES: Record<ViewOut['kind'], (question: Body, common: Place['params'], id: string) => Place | null> = {
  QUESTION: ofQuestion, FUNNEL: ofFunnel, RETENTION: ofRetention, PATHS: ofPaths, TIME_TO_CONVERT: ofLags, OVERLAP: ofOverlap, COHORT_VALUE: ofCohorts,
  SEGMENT: (_question, _common, id) => ({ page: 'channels', params: { segment: id, where: null } }),
};

/** Pages of questions whose first dimension the address has as `by`. */
const BY = ['channel', 'source', 'medium', 'ad', 'landing_page', 'term', 'referrer_domain', 'country', 'device', 'browser', 'os'];

/** The place of a view; null for one that only the API can show, such as a table by two dimensions. */
export function placeOf(kind: ViewOut['kind'], question: Body, id: string): Place | null {
  const period = periodOf(String(question.period ?? 'last30d'));
  return PLACES[kind](question, { ...period, where: filtersText(groupsOf(question.filters)), segment: idsText(question.segments as string[] ?? []), conversion: null }, id);
}

function ofQuestion(question: Body, common: Place['params']): Place | null {
  const [dimension, ...others] = question.dimensions as string[] ?? [];
  if (!dimension || others.length || !(dimension === 'campaign' || BY.includes(dimension))) return null;
  const params = {
    ...common, columns: (question.metrics as string[]).join('.'), compare: textOf(question.compare), model: textOf(question.model), basis: textOf(question.basis), row: null,
  };
  return dimension === 'campaign' ? { page: 'campaigns', params } : { page: 'channels', params: { ...params, by: dimension === 'channel' ? null : dimension } };
}

function ofFunnel(question: Body, common: Place['params']): Place | null {
  const steps = (question.steps as { event: string; filters?: unknown }[]).map(({ event, filters }) => ({ event, filters: groupsOf(filters) }));
  const [excluded, ...more] = question.exclusions as { event: { event: string; filters?: unknown[] }; after: number; before: number }[] ?? [];
  if (more.length) return null;
  if (excluded && (excluded.after !== 1 || excluded.before !== steps.length || excluded.event.filters?.length)) return null;
  return { page: 'funnels', params: {
    ...common, steps: stepsText(steps), window: textOf(question.window_minutes), order: textOf(question.step_order),
    unit: textOf(question.unit), by: textOf(question.breakdown), skip: excluded?.event.event ?? null,
  } };
}

function ofRetention(question: Body, common: Place['params']): Place | null {
  const [start, back] = [question.start, question.back] as { event?: string; filters?: unknown[] }[];
  if (start?.filters?.length || back?.filters?.length) return null;
  return { page: 'retention', params: {
    ...common, start: textOf(start?.event), back: textOf(back?.event), interval: textOf(question.interval), mode: textOf(question.mode), first: textOf(question.first),
  } };
}

function ofPaths(question: Body, common: Place['params']): Place | null {
  const by = textOf(question.dimension) ?? 'page';
  if (!['page', 'event', 'channel'].includes(by)) return null;
  return { page: 'paths', params: {
    ...common, by, anchor: textOf(question.anchor), direction: textOf(question.direction), unit: textOf(question.unit), depth: textOf(question.depth), nodes: textOf(question.most_nodes),
  } };
}

function ofLags(question: Body, common: Place['params']): Place {
  return { page: 'time-to-convert', params: { ...common, conversion: textOf(question.conversion) } };
}

function ofCohorts(question: Body, common: Place['params']): Place {
  return { page: 'cohort-value', params: { ...common, conversion: textOf(question.conversion), by: textOf(question.by) } };
}

function ofOverlap(question: Body, common: Place['params']): Place | null {
  const by = textOf(question.dimension) ?? 'channel';
  return ['channel', 'source', 'medium', 'campaign'].includes(by) ? { page: 'overlap', params: { ...common, conversion: textOf(question.conversion), by } } : null;
}

const textOf = (value: unknown): string | null => (value == null || value === '' ? null : String(value));

function periodOf(text: string): Place['params'] {
  const [from, to] = text.split('..');
  return to ? { period: null, from: from ?? null, to } : { period: text, from: null, to: null };
}
