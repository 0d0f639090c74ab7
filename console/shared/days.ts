/** Calendar days as texts such as 2026-01-31, and the periods of reports. */

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const DAY_MS = 86_400_000;

export function isDay(text: string): boolean {
  const moment = new Date(text);
  return DAY.test(text) && !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(text);
}

/** Today by a timezone's clock. Swedish writes a day as ISO 8601 does. */
export const todayIn = (timezone: string): string => new Intl.DateTimeFormat('sv-SE', { timeZone: timezone }).format();

/** The instant at which clocks of a zone show a time such as 2026-11-27T00:00. */
export function instantIn(timezone: string, local: string): string {
  const wanted = Date.parse(`${local}Z`);
  const shownAt = (at: number) => Date.parse(`${new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, dateStyle: 'short', timeStyle: 'medium' }).format(at).replace(' ', 'T')}Z`);
  // The zone's offset at that very time is known only after a first guess.
  const guess = wanted - (shownAt(wanted) - wanted);
  return new Date(guess - (shownAt(guess) - wanted)).toISOString();
}

export const plusDays = (day: string, days: number): string => new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);

/** How many days a range has, both ends included. */
export const daysBetween = (from: string, to: string): number => Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1;

export const PERIODS = {
  today: 'Today',
  yesterday: 'Yesterday',
  last7d: 'Last 7 days',
  last30d: 'Last 30 days',
  last90d: 'Last 90 days',
  last365d: 'Last 12 months',
  this_month: 'This month',
  last_month: 'Last month',
  this_year: 'This year',
} as const;
export type Period = keyof typeof PERIODS;
export const isPeriod = (name: string): name is Period => Object.hasOwn(PERIODS, name);

/** The first and last day of a period that today belongs to. */
export function rangeOf(period: Period, today: string): readonly [from: string, to: string] {
  const first = `${today.slice(0, 8)}01`;
  if (period === 'today') return [today, today];
  if (period === 'yesterday') return [plusDays(today, -1), plusDays(today, -1)];
  if (period === 'this_month') return [first, today];
  if (period === 'this_year') return [`${today.slice(0, 4)}-01-01`, today];
  if (period === 'last_month') {
    const last = plusDays(first, -1);
    return [`${last.slice(0, 8)}01`, last];
  }
  return [plusDays(today, 1 - Number(period.slice(4, -1))), today];
}

/** Day, week or month: what keeps a series between about 7 and 100 points. */
export function bucketFor(from: string, to: string): 'day' | 'week' | 'month' {
  const days = daysBetween(from, to);
  if (days <= 92) return 'day';
  return days <= 550 ? 'week' : 'month';
}

/** A day, or the first day of a bucket, as people write it. */
export function dayText(day: string, bucket = 'day', how: 'short' | 'long' = 'short'): string {
  const hour = /T(\d\d:\d\d)/.exec(day)?.[1];
  if (hour) return hour;
  const date = new Date(`${day}T12:00:00Z`);
  if (bucket === 'month') return date.toLocaleDateString(undefined, { month: how, year: 'numeric', timeZone: 'UTC' });
  const year = how === 'long' ? { year: 'numeric' as const, weekday: 'short' as const } : {};
  return date.toLocaleDateString(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC', ...year });
}

/** Two days as a range, with the year once. */
export function rangeText(from: string, to: string): string {
  const format = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
  const [first, last] = [new Date(`${from}T12:00:00Z`), new Date(`${to}T12:00:00Z`)];
  return from === to ? format.format(first) : format.formatRange(first, last);
}

/** The first days of the buckets of a range, oldest first; hours such as 2026-01-31T14:00. Weeks begin on Monday. */
export function bucketsOf(from: string, to: string, bucket: 'hour' | 'day' | 'week' | 'month'): string[] {
  const firsts: string[] = [];
  if (bucket === 'hour') return bucketsOf(from, to, 'day').flatMap((day) => Array.from({ length: 24 }, (_, hour) => `${day}T${String(hour).padStart(2, '0')}:00`));
  for (let day = from; day <= to; day = plusDays(day, 1)) {
    const weekday = (new Date(day).getUTCDay() + 6) % 7;
    const first = { day, week: plusDays(day, -weekday), month: `${day.slice(0, 8)}01` }[bucket];
    if (firsts.at(-1) !== first) firsts.push(first);
  }
  return firsts;
}
