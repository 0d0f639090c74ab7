/** What charts over time share: a series, the box beside the pointer, the legend, and the table. */

export interface Series {
  name: string;
  /** By place; null for a gap. */
  values: readonly (number | null)[];
  before?: readonly (number | null)[];
  text: (value: number | null) => string;
  axisText?: (value: number) => string;
  /** 1 to 8; by place in the list if left out. */
  colour?: number;
  /** A dashed line, such as of what is expected. */
  dashed?: boolean;
  /** The least and the most around each value, as a band. */
  band?: readonly (readonly [least: number, most: number] | null)[];
  /** Bars instead of a line. */
  bars?: boolean;
}

interface TipProps {
  at: number;
  x: number;
  width: number;
  label: string;
  series: readonly Series[];
  /** The point is not complete yet. */
  open: boolean;
  /** What the series are together. */
  total?: string;
  /** A click shows the point alone. */
  leads?: boolean;
}

/** What the chart has at the point one looks at. */
export function Tip({ at, x, width, label, series, open, total, leads }: TipProps) {
  const side = x > width / 2 ? { right: `${width - x + 12}px` } : { left: `${x + 12}px` };
  return (
    <div class="tip" style={side} aria-hidden="true">
      <strong>{label}</strong>
      {series.map((one, index) => (
        <span key={one.name}><i class={`key c${one.colour ?? index + 1}`} />{one.name} <b>{one.text(one.values[at] ?? null)}</b>
          {one.before && <em>{one.text(one.before[at] ?? null)}</em>}</span>
      ))}
      {total && <span class="sum">Together <b>{total}</b></span>}
      {open && <small>This day is not over yet.</small>}
      {leads && <small>Click to see this day alone.</small>}
    </div>
  );
}

export function Legend({ series }: { series: readonly Series[] }) {
  const compared = series.some((one) => one.before);
  return (
    <ul class="legend">
      {series.map((one, index) => <li key={one.name}><i class={`key c${one.colour ?? index + 1}`} />{one.name}</li>)}
      {compared && <li><i class="key dashed" />Compared period</li>}
    </ul>
  );
}

/** The same as a table. */
export function ChartTable({ labels, series }: { labels: readonly string[]; series: readonly Series[] }) {
  return (
    <table>
      <thead><tr><th scope="col">Day</th>{series.map((one) => [
        <th key={one.name} scope="col" class="number">{one.name}</th>,
        one.before && <th key={`${one.name} before`} scope="col" class="number">Before</th>,
      ])}</tr></thead>
      <tbody>{labels.map((label, at) => (
        <tr key={label}><th scope="row">{label}</th>{series.map((one) => [
          <td key={one.name} class="number">{one.text(one.values[at] ?? null)}</td>,
          one.before && <td key={`${one.name} before`} class="number">{one.text(one.before[at] ?? null)}</td>,
        ])}</tr>
      ))}</tbody>
    </table>
  );
}
