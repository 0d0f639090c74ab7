/** Scales of charts: round numbers on the axes, places on the page. */

/** Round values from 0 (or below it) up to at least `most`, about `steps` of them, at least `finest` apart. */
export function ticksOf(least: number, most: number, steps = 4, finest = 0): number[] {
  const low = Math.min(least, 0);
  const high = most > low ? most : low + 1;
  const rough = (high - low) / steps;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(finest, power * ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough) ?? 10));
  const first = Math.floor(low / step);
  const last = Math.ceil(high / step - 1e-9);
  return Array.from({ length: last - first + 1 }, (_, place) => (first + place) * step);
}

/** A function from values to places. */
export const scale = (from: readonly [number, number], to: readonly [number, number]) => (value: number): number => (
  to[0] + ((value - from[0]) / (from[1] - from[0] || 1)) * (to[1] - to[0])
);

/** The path of a line through points; it breaks where a value is missing. */
export function linePath(points: readonly (readonly [number, number] | null)[]): string {
  let pen = 'M';
  const parts: string[] = [];
  for (const point of points) {
    if (point) parts.push(`${pen}${point[0].toFixed(1)} ${point[1].toFixed(1)}`);
    pen = point ? 'L' : 'M';
  }
  return parts.join('');
}

/** Which of `total` labels fit when one needs `need` of `width`. */
export function everyNth(total: number, width: number, need: number): number {
  return Math.max(1, Math.ceil((total * need) / Math.max(width, 1)));
}

/** Colours by place; a channel keeps its own everywhere. */
const CHANNELS = [
  'Direct', 'Organic Search', 'Paid Search', 'Paid Social', 'Organic Social', 'Email', 'Referral', 'Display',
  'Affiliates', 'Paid Shopping', 'Organic Shopping', 'Paid Video', 'Organic Video', 'SMS', 'Audio', 'AI Assistants',
];
const COLOURS = 8;

/** The number of a name's colour, 1 to 8; the same name has the same colour on every page. */
export function colourOf(name: string): number {
  const known = CHANNELS.indexOf(name);
  if (known >= 0) return (known % COLOURS) + 1;
  let sum = 0;
  for (const sign of name) sum = (sum * 31 + (sign.codePointAt(0) ?? 0)) % 9973;
  return (sum % COLOURS) + 1;
}
