/** Filters as the address has them: `channel~is~Email~Direct;country~is~DE|country~is~AT`. `;` is and, `|` is or. */

import { dimensionOf, dimensionTitle, type Source } from './catalogue';
import { valueTitle } from './format';

export const OPERATORS = {
  is: 'is', is_not: 'is not', contains: 'contains', starts_with: 'begins with', is_set: 'is set', is_not_set: 'is not set',
} as const;
export type Operator = keyof typeof OPERATORS;

export interface Filter { dimension: string; operator: Operator; values: string[] }
/** Filters of which one is enough. */
export type Group = readonly Filter[];

export const needsValue = (operator: Operator): boolean => operator !== 'is_set' && operator !== 'is_not_set';

/** The filter for a value of a dimension, '' for none. */
export const isValue = (dimension: string, value: string): Group => (
  [value ? { dimension, operator: 'is', values: [value] } : { dimension, operator: 'is_not_set', values: [] }]
);

// Whatever a value contains, only we write these signs plainly.
const written = (text: string): string => encodeURIComponent(text).replaceAll('~', '%7E').replaceAll('!', '%21');

const filterText = ({ dimension, operator, values }: Filter): string => [dimension, operator, ...values.map(written)].join('~');

export const filtersText = (groups: readonly Group[]): string => groups.map((group) => group.map(filterText).join('|')).join(';');

/** The filters of a text, and what is wrong with it: '' if nothing. */
export function readFilters(text: string): readonly [groups: Group[], fault: string] {
  const groups: Group[] = [];
  for (const part of text.split(';').filter(Boolean)) {
    const group: Filter[] = [];
    for (const one of part.split('|').filter(Boolean)) {
      const [filter, fault] = readFilter(one);
      if (!filter) return [[], fault];
      group.push(filter);
    }
    groups.push(group);
  }
  return [groups, ''];
}

function readFilter(text: string): readonly [filter: Filter | null, fault: string] {
  const [dimension = '', operator = '', ...values] = text.split('~');
  if (!dimensionOf(dimension)) return [null, `There is no filter by “${dimension}”.`];
  if (!Object.hasOwn(OPERATORS, operator)) return [null, `A filter cannot be “${operator}”.`];
  const known = operator as Operator;
  const incomplete = `The filter by ${dimension} is not complete.`;
  if (needsValue(known) === !values.length) return [null, incomplete];
  try {
    return [{ dimension, operator: known, values: values.map(decodeURIComponent) }, ''];
  } catch {
    return [null, incomplete];
  }
}

/** Whether a source's numbers can be filtered so. */
export const knows = (source: Source, groups: readonly Group[]): boolean => (
  groups.flat().every(({ dimension }) => dimensionOf(dimension)?.sources.includes(source))
);

/** The filters of a saved question. */
export const groupsOf = (filters: unknown): Group[] => (filters as (Filter | Filter[])[] ?? []).map((entry) => (
  [entry].flat().map(({ dimension, operator, values }) => ({ dimension, operator, values: values ?? [] }))
));

/** Filters as the API takes them: a group of one is that filter. */
export const sent = (groups: readonly Group[]) => groups.map((group) => (group.length === 1 ? group[0] : group)) as never[];

/** `Channel is Email or Direct` */
export const wordsOf = (group: Group): string => group.map(({ dimension, operator, values }) => (
  [dimensionTitle(dimension), OPERATORS[operator], values.map((value) => valueTitle(dimension, value)).join(' or ')].filter(Boolean).join(' ')
)).join(' or ');
