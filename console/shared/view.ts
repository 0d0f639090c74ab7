/** What the filter bar asks: read from the address, with what is wrong in it. */

import { createContext } from 'preact';
import { useContext, useMemo } from 'preact/hooks';
import type { Model, SiteOut } from '../types';
import { useAddress } from './address';
import { isDay, isPeriod, rangeOf, todayIn, type Period } from './days';
import { readFilters, type Group } from './filters';
import { isModel } from './models';
import { idsOf, type Segment } from './segments';
import { useSession } from './session';
import { t } from './words';

export const COMPARISONS = {
  PREVIOUS_PERIOD: 'Previous period', SAME_WEEKDAYS: 'Same weekdays', PREVIOUS_YEAR: 'Year before', NONE: 'None',
} as const;
export type Comparison = keyof typeof COMPARISONS;

export const BASES = { CONVERSION_DAY: 'Conversion day', TOUCH_DAY: 'Touch day' } as const;
export type Basis = keyof typeof BASES;

export interface View {
  site: SiteOut;
  period: Period | 'days';
  from: string;
  to: string;
  compare: Comparison;
  /** '' for the site's default model. */
  model: Model | '';
  basis: Basis;
  /** '' for all conversions. */
  conversion: string;
  filters: readonly Group[];
  segments: readonly Segment[];
}

const USUAL_PERIOD: Period = 'last30d';

/** Parameters that every report page knows; a page's own are added to them. */
const KNOWN = ['site', 'period', 'from', 'to', 'compare', 'model', 'basis', 'conversion', 'where', 'segment'];
const one = <Choice extends string>(choices: Record<Choice, string>, name: string): name is Choice => Object.hasOwn(choices, name);

/** The faults of an address, by parameter: a sentence each. An empty value asks for nothing. */
export function faultsOf(address: URLSearchParams, sites: readonly { site_id: string }[], own: Record<string, readonly string[]> = {}, segments: readonly Segment[] = []): Map<string, string> {
  const faults = new Map<string, string>();
  for (const name of new Set(address.keys())) {
    const values = address.getAll(name);
    const fault = values.length > 1 ? t('This link has “{name}” more than once.', { name }) : faultOf(name, values[0] ?? '', sites, own, segments);
    if (fault) faults.set(name, fault);
  }
  const [from, to] = [address.get('from') ?? '', address.get('to') ?? ''];
  if (!faults.has('from') && !faults.has('to') && from && to && from > to) faults.set('to', 'The first day must not be after the last day.');
  return faults;
}

function faultOf(name: string, value: string, sites: readonly { site_id: string }[], own: Record<string, readonly string[]>, segments: readonly Segment[]): string {
  if (!KNOWN.includes(name) && !Object.hasOwn(own, name)) return t('This link has an unknown filter, “{name}”.', { name });
  if (!value) return '';
  const known = Object.hasOwn(own, name) ? own[name] as readonly string[] : [];
  if (known.length && !known.includes(value)) {
    return name === 'by' ? t('There is no report by “{value}”.', { value }) : t('This page does not know {name} “{value}”.', { name, value });
  }
  switch (name) {
    case 'site':
      return sites.some((site) => site.site_id === value) ? ''
        : 'This link names a site that you cannot see here. It may be archived, or belong to another organization.';
    case 'model': return isModel(value) ? '' : t('There is no model “{value}”.', { value });
    case 'from':
    case 'to': return isDay(value) ? '' : t('“{value}” is not a day such as 2026-01-31.', { value });
    case 'period': return isPeriod(value) ? '' : t('There is no period “{value}”.', { value });
    case 'compare': return one(COMPARISONS, value) ? '' : t('There is no comparison “{value}”.', { value });
    case 'basis': return one(BASES, value) ? '' : t('There is no date basis “{value}”.', { value });
    case 'where': return readFilters(value)[1];
    case 'segment':
      return idsOf(value).every((id) => segments.some((one) => one.id === id)) ? ''
        : 'This link names a segment that you cannot see here. It may be removed, or its owner does not share it.';
    default: return '';
  }
}

/** The view of an address without faults. */
export function viewOf(address: URLSearchParams, sites: readonly SiteOut[], usual: Period = USUAL_PERIOD, segments: readonly Segment[] = []): View | null {
  const get = (name: string) => address.get(name) ?? '';
  const site = sites.find(({ site_id: id }) => id === get('site')) ?? sites[0];
  if (!site) return null;
  const today = todayIn(site.timezone);
  const asked = get('period');
  const [first, last] = ['from', 'to'].map((name) => (isDay(get(name)) ? get(name) : ''));
  const byDays = Boolean(first || last);
  const period = isPeriod(asked) ? asked : usual;
  const [from, to] = byDays ? [first || rangeOf('last30d', last || today)[0], last || today] : rangeOf(period, today);
  const [model, compare, basis] = [get('model'), get('compare'), get('basis')];
  return {
    site, from, to,
    period: byDays ? 'days' : period,
    compare: one(COMPARISONS, compare) ? compare : 'PREVIOUS_PERIOD',
    model: isModel(model) ? model : '',
    basis: one(BASES, basis) ? basis : 'CONVERSION_DAY',
    conversion: get('conversion'),
    filters: readFilters(get('where'))[0],
    segments: idsOf(get('segment')).flatMap((id) => segments.find((one) => one.id === id) ?? []),
  };
}

/** What the filter bar of the page offers, and the segments that its address names. */
export const Bar = createContext<{ parts: readonly string[]; segments: readonly Segment[] }>({ parts: [], segments: [] });

/** A view without what the filter bar does not offer: nobody could see it, nor take it back. */
export const offered = (view: View, parts: readonly string[]): View => ({
  ...view, ...(parts.includes('filters') ? {} : { filters: [], segments: [] }), ...(parts.includes('conversion') ? {} : { conversion: '' }),
});

/** What this page shows, of its usual days without others. A page with the filter bar is drawn only while its address has no faults. */
export function useView(usual?: Period): View {
  const url = useAddress();
  const { sites } = useSession();
  const { parts, segments } = useContext(Bar);
  const view = useMemo(() => viewOf(url.searchParams, sites, usual, segments), [url.search, sites, segments]);
  if (!view) throw new Error('This page needs a site');
  return offered(view, parts);
}

/** The view's days as the API takes them. */
export const periodOf = (view: View): string => (view.period === 'days' ? `${view.from}..${view.to}` : view.period);
