/** Filters as the address has them: `channel~is~Email~Direct;country~is~DE`. */

import { dimensionOf, type Source } from './catalogue';

export const OPERATORS = {
  is: 'is', is_not: 'is not', contains: 'contains', starts_with: 'begins with', is_set: 'is set', is_not_set: 'is not set',
} as const;
export type Operator = keyof typeof OPERATORS;

export interface Filter { dimension: string; operator: Operator; values: string[] }

export const needsValue = (operator: Operator): boolean => operator !== 'is_set' && operator !== 'is_not_set';

// Whatever a value contains, only we write these signs plainly.
const written = (text: string): string => encodeURIComponent(text).replaceAll('~', '%7E');

export const filtersText = (filters: readonly Filter[]): string => (
  filters.map((one) => [one.dimension, one.operator, ...one.values.map(written)].join('~')).join(';')
);

/** The filters of a text, and what is wrong with it: '' if nothing. */
export function readFilters(text: string): readonly [filters: Filter[], fault: string] {
  const filters: Filter[] = [];
  for (const part of text.split(';').filter(Boolean)) {
    const [dimension = '', operator = '', ...values] = part.split('~');
    if (!dimensionOf(dimension)) return [[], `There is no filter by “${dimension}”.`];
    if (!Object.hasOwn(OPERATORS, operator)) return [[], `A filter cannot be “${operator}”.`];
    const known = operator as Operator;
    if (needsValue(known) === !values.length) return [[], `The filter by ${dimension} is not complete.`];
    try {
      filters.push({ dimension, operator: known, values: values.map(decodeURIComponent) });
    } catch {
      return [[], `The filter by ${dimension} is not complete.`];
    }
  }
  return [filters, ''];
}

/** Whether a source's numbers can be filtered so. */
export const knows = (source: Source, filters: readonly Filter[]): boolean => (
  filters.every(({ dimension }) => dimensionOf(dimension)?.sources.includes(source))
);

/** The filters of a saved question, if the address can have them; null if there are others. */
export function filtersOfView(filters: unknown): Filter[] | null {
  const listed = filters as Filter[] ?? [];
  return listed.every((one) => !Array.isArray(one) && dimensionOf(one.dimension) && Object.hasOwn(OPERATORS, one.operator))
    ? listed.map(({ dimension, operator, values }) => ({ dimension, operator, values: values ?? [] })) : null;
}
