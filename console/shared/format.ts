/** Numbers, money and changes for people, by the browser's locale. */

import { METRICS, VALUES } from './catalogue';
import { isolated } from './words';

const NONE = '–';
const cached = new Map<string, Intl.NumberFormat>();

function format(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = JSON.stringify(options);
  let found = cached.get(key);
  if (!found) cached.set(key, (found = new Intl.NumberFormat(undefined, options)));
  return found;
}

/** Money of micros: 49900000 is €49.90. */
export function money(micros: number | null, currency: string, compact = false): string {
  if (micros == null) return NONE;
  const value = micros / 1e6;
  const short = compact && Math.abs(value) >= 10_000;
  return format({ style: 'currency', currency, ...(short ? { notation: 'compact', maximumFractionDigits: 1 } : {}) }).format(value);
}

/** A count; parts of conversions have one digit. */
export function count(value: number | null, compact = false): string {
  if (value == null) return NONE;
  const short = compact && Math.abs(value) >= 10_000;
  return format(short ? { notation: 'compact', maximumFractionDigits: 1 } : { maximumFractionDigits: 1 }).format(value);
}

/** A share of 1 as a percentage. */
export const percent = (value: number | null, digits = 1): string => (
  value == null ? NONE : format({ style: 'percent', maximumFractionDigits: digits }).format(value)
);

/** A length of time with its two largest units. */
export function duration(ms: number | null): string {
  if (ms == null) return NONE;
  const units: [number, string][] = [[86_400_000, 'day'], [3_600_000, 'hour'], [60_000, 'minute'], [1000, 'second']];
  const first = units.findIndex(([length]) => ms >= length);
  if (first < 0) return format({ style: 'unit', unit: 'second', unitDisplay: 'narrow' }).format(0);
  const parts: string[] = [];
  let rest = ms;
  for (const [length, unit] of units.slice(first, first + 2)) {
    const whole = Math.floor(rest / length);
    rest -= whole * length;
    if (whole) parts.push(format({ style: 'unit', unit, unitDisplay: 'narrow' }).format(whole));
  }
  return parts.join(' ');
}

/** A metric's value; compact ones are for tiles and axes. */
export function metricText(name: string, value: number | null, currency: string, compact = false): string {
  const metric = METRICS[name];
  if (value == null || !metric) return NONE;
  if (value === 0 && metric.per) return NONE;
  if (metric.kind === 'MONEY') return money(value, currency, compact);
  if (metric.kind === 'MILLISECONDS') return duration(value);
  if (metric.kind === 'COUNT') return count(value, compact);
  if (metric.as === 'share') return percent(value, 2);
  return `${format({ minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(value)}${metric.as === 'times' ? ' ×' : ''}`;
}

/** A metric's value on an axis: as short as can be. */
export function axisText(name: string, value: number, currency: string): string {
  const metric = METRICS[name];
  const short: Intl.NumberFormatOptions = { notation: 'compact', minimumFractionDigits: 0, maximumFractionDigits: 1 };
  if (metric?.kind === 'MONEY') return format({ style: 'currency', currency, ...short }).format(value / 1e6);
  if (metric?.kind === 'COUNT') return format(short).format(value);
  if (metric?.as === 'share') return percent(value, 1);
  return metric?.kind === 'MILLISECONDS' ? duration(value) : format(short).format(value);
}

export interface Change { text: string; look: 'up' | 'down' | 'same' | 'new'; good: boolean | null }

/** How much a value changed: (now − before) / |before|. */
export function change(now: number | null, before: number | null, less = false): Change {
  if (now == null || before == null) return { text: NONE, look: 'same', good: null };
  if (before === 0) return now === 0 ? { text: NONE, look: 'same', good: null } : { text: 'new', look: 'new', good: null };
  const share = (now - before) / Math.abs(before);
  if (Math.abs(share) < 0.0005) return { text: percent(0), look: 'same', good: null };
  const digits = Math.abs(share) < 1 ? 1 : 0;
  const text = format({ style: 'percent', minimumFractionDigits: digits, maximumFractionDigits: digits, signDisplay: 'always' }).format(share);
  return { text, look: share > 0 ? 'up' : 'down', good: (share > 0) !== less };
}

/** The name of an event for people. */
export const eventText = (name: string): string => (name === 'page_view' || !name ? 'Page view' : name === 'identify' ? 'Identified' : isolated(name));

export const NO_VALUE = '(none)';
/** The value of a dimension for people: none has a name too. */
export const valueText = (value: string): string => isolated(value) || NO_VALUE;
/** The same, where a dimension has names for its few values. */
export const valueTitle = (dimension: string, value: string): string => VALUES[dimension]?.[value] ?? valueText(value);
