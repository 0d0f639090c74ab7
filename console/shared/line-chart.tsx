/** Lines over time: one or two metrics, each with its axis, and the period compared with as a dashed line. */

import { ChartTable, Legend, Tip, type Series } from './chart-parts';
import { everyNth, linePath, scale, ticksOf } from './chart-scale';
import { Figure, usePoint, useWidth } from './figure';
import { isolated } from './words';

interface Props {
  /** The least distance of the axis's numbers: 1 for things that have no halves. */
  finest?: number;
  labels: readonly string[];
  longLabels?: readonly string[];
  series: readonly Series[];
  summary: string;
  height?: number;
  /** The last points that are not complete yet. */
  open?: number;
  /** All series share one axis: they have one unit. */
  shared?: boolean;
  /** What a click on a point, or Enter, shows. */
  onChoose?: (at: number) => void;
}

const TOP = 12;
const BOTTOM = 28;

export function LineChart({ labels, longLabels = labels, series, summary, height = 240, open = 0, shared = false, finest = 0, onChoose }: Props) {
  const [place, width] = useWidth<HTMLDivElement>();
  const two = series.length > 1 && !shared;
  const [left, right] = [56, two ? 56 : 12];
  const inner = width - left - right;
  // Bars stand in bands of their own, so that the first and the last are whole.
  const band = series.some((one) => one.bars) || labels.length === 1 ? inner / labels.length : 0;
  const step = band || inner / (labels.length - 1);
  const x = (at: number) => left + band / 2 + at * step;
  const [at, handlers] = usePoint(labels.length, (px) => Math.round((px - left - band / 2) / Math.max(step, 1)), onChoose);
  const numbers = (one: Series) => [...one.values, ...(one.before ?? []), ...(one.band?.flatMap((pair) => pair ?? []) ?? [])].filter((value) => value != null);
  const together = series.flatMap(numbers);
  const axes = series.map((one) => {
    const all = shared ? together : numbers(one);
    const ticks = ticksOf(Math.min(...all, 0), Math.max(...all, 0), 4, finest);
    return { ticks, y: scale([ticks[0] ?? 0, ticks.at(-1) ?? 1], [height - BOTTOM, TOP]) };
  });
  const [first, second] = axes;
  if (!first || !series[0]) return null;
  const nth = everyNth(labels.length, inner, 64);
  const complete = labels.length - open;
  return (
    <Figure summary={summary} table={<ChartTable labels={longLabels} series={series} />}>
      <div class="chart-area" ref={place}>
        <svg class={`line-chart ${onChoose ? 'leads' : ''}`} width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={summary} tabIndex={0} {...handlers}>
          {first.ticks.map((tick) => (
            <g key={tick}>
              <line class="grid" x1={left} x2={width - right} y1={first.y(tick)} y2={first.y(tick)} />
              <text class="axis" x={left - 8} y={first.y(tick)} dy="0.32em" text-anchor="end">{(series[0]?.axisText ?? series[0]?.text)?.(tick)}</text>
            </g>
          ))}
          {two && second?.ticks.map((tick) => (
            <text key={tick} class="axis" x={width - right + 8} y={second.y(tick)} dy="0.32em">{(series[1]?.axisText ?? series[1]?.text)?.(tick)}</text>
          ))}
          {labels.map((label, index) => index % nth === 0 && (
            <text key={index} class="axis" x={x(index)} y={height - 8} text-anchor="middle">{label}</text>
          ))}
          {series.map((one, index) => ({ one, index })).sort((a, b) => Number(b.one.bars ?? false) - Number(a.one.bars ?? false)).map(({ one, index }) => axes[index] && (
            <Line key={one.name} one={one} colour={one.colour ?? index + 1} x={x} y={axes[index].y} complete={complete} floor={height - BOTTOM}
              wide={Math.min(28, (inner / labels.length) * 0.6)} filled={index === 0 && !shared && !band} />
          ))}
          {at != null && <line class="cursor" x1={x(at)} x2={x(at)} y1={TOP} y2={height - BOTTOM} />}
          {at != null && series.map((one, index) => one.values[at] != null && (
            <circle key={one.name} class={`dot c${one.colour ?? index + 1}`} cx={x(at)} cy={axes[index]?.y(one.values[at] as number)} r="4" />
          ))}
        </svg>
        {at != null && <Tip at={at} x={x(at)} width={width} label={longLabels[at] ?? ''} series={series} open={at >= complete} leads={Boolean(onChoose)} />}
        <p class="quiet" role="status">{at != null ? [longLabels[at], ...series.map((one) => `${isolated(one.name)} ${one.text(one.values[at] ?? null)}`)].join(', ') : ''}</p>
      </div>
      <Legend series={series} />
    </Figure>
  );
}

interface LineProps {
  one: Series; colour: number; x: (at: number) => number; y: (value: number) => number; complete: number; floor: number; wide: number; filled: boolean;
}

function Line({ one, colour, x, y, complete, floor, wide, filled }: LineProps) {
  const points = (values: readonly (number | null)[]) => values.map((value, at): [number, number] | null => (value == null ? null : [x(at), y(value)]));
  const now = points(one.values);
  if (one.bars) {
    return (
      <g class={`c${colour} bars`}>
        {now.map((point, at) => point && (
          <rect key={at} class={at >= complete ? 'open' : ''} x={point[0] - wide / 2} width={wide} y={Math.min(point[1], y(0))} height={Math.max(1, Math.abs(y(0) - point[1]))} rx="2" />
        ))}
      </g>
    );
  }
  const whole = now.slice(0, complete);
  const shown = whole.filter((point) => point != null);
  return (
    <g class={`c${colour}`}>
      {filled && shown.length > 1 && <path class="area" d={`${linePath(shown)}L${shown.at(-1)?.[0]} ${floor}L${shown[0]?.[0]} ${floor}Z`} />}
      {one.before && <path class="line before" d={linePath(points(one.before))} />}
      {one.band && <path class="area around" d={bandPath(one.band, x, y)} />}
      <path class={`line ${one.dashed ? 'open' : ''}`} d={linePath(whole)} />
      {complete < now.length && <path class="line open" d={linePath(now.slice(Math.max(complete - 1, 0)))} />}
      {now.length === 1 && now[0] && <circle class={`dot c${colour}`} cx={now[0][0]} cy={now[0][1]} r="4" />}
    </g>
  );
}

/** The outline of a band: along its upper edge and back along the lower. */
function bandPath(band: NonNullable<Series['band']>, x: (at: number) => number, y: (value: number) => number): string {
  const known = band.flatMap((pair, at) => (pair ? [{ at, pair }] : []));
  if (known.length < 2) return '';
  const edge = (listed: typeof known, side: 0 | 1) => listed.map(({ at, pair }) => `${x(at).toFixed(1)} ${y(pair[side]).toFixed(1)}`).join('L');
  return `M${edge(known, 1)}L${edge([...known].reverse(), 0)}Z`;
}

/** A line as small as a word; it says nothing that its tile does not. */
export function Sparkline({ values, colour = 1 }: { values: readonly (number | null)[]; colour?: number }) {
  const all = values.filter((value) => value != null);
  if (all.length < 2) return null;
  const y = scale([Math.min(...all, 0), Math.max(...all, 1e-9)], [28, 2]);
  const points = values.map((value, at): [number, number] | null => (value == null ? null : [(at / (values.length - 1)) * 120, y(value)]));
  return <svg class={`spark c${colour}`} viewBox="0 0 120 30" preserveAspectRatio="none" aria-hidden="true"><path class="line" d={linePath(points)} /></svg>;
}
