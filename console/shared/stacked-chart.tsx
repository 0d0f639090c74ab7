/** Bars over time, each of several parts that add up. */

import { ChartTable, Legend, Tip, type Series } from './chart-parts';
import { everyNth, scale, ticksOf } from './chart-scale';
import { Figure, usePoint, useWidth } from './figure';

interface Props {
  labels: readonly string[];
  longLabels: readonly string[];
  /** The parts, the largest first; values below 0 hang below the axis. */
  series: readonly Series[];
  text: (value: number) => string;
  axisText: (value: number) => string;
  summary: string;
  height?: number;
  /** The last points that are not complete yet. */
  open?: number;
  /** What a click on a point, or Enter, shows. */
  onChoose?: (at: number) => void;
}

const TOP = 12;
const BOTTOM = 28;
const LEFT = 56;
const RIGHT = 12;

/** Where each part of a bar begins and ends. */
function stacked(series: readonly Series[], at: number): { place: number; from: number; to: number }[] {
  let [up, down] = [0, 0];
  return series.flatMap(({ values }, place) => {
    const value = values[at] ?? 0;
    if (!value) return [];
    const from = value > 0 ? up : down;
    if (value > 0) up += value;
    else down += value;
    return [{ place, from, to: from + value }];
  });
}

export function StackedChart({ labels, longLabels, series, text, axisText, summary, height = 240, open = 0, onChoose }: Props) {
  const [place, width] = useWidth<HTMLDivElement>();
  const inner = width - LEFT - RIGHT;
  const band = inner / Math.max(labels.length, 1);
  const wide = Math.max(1, Math.min(36, band * 0.72));
  const x = (at: number) => LEFT + band * (at + 0.5);
  const [at, handlers] = usePoint(labels.length, (px) => Math.floor((px - LEFT) / Math.max(band, 1)), onChoose);
  const bars = labels.map((_, index) => stacked(series, index));
  const ends = bars.flat().map(({ to }) => to);
  const ticks = ticksOf(Math.min(...ends, 0), Math.max(...ends, 0));
  const y = scale([ticks[0] ?? 0, ticks.at(-1) ?? 1], [height - BOTTOM, TOP]);
  const nth = everyNth(labels.length, inner, 64);
  const sum = (index: number) => series.reduce((total, { values }) => total + (values[index] ?? 0), 0);
  const complete = labels.length - open;
  return (
    <Figure summary={summary} table={<ChartTable labels={longLabels} series={series} />}>
      <div class="chart-area" ref={place}>
        <svg class={`line-chart ${onChoose ? 'leads' : ''}`} width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={summary} tabIndex={0} {...handlers}>
          {ticks.map((tick) => (
            <g key={tick}>
              <line class="grid" x1={LEFT} x2={width - RIGHT} y1={y(tick)} y2={y(tick)} />
              <text class="axis" x={LEFT - 8} y={y(tick)} dy="0.32em" text-anchor="end">{axisText(tick)}</text>
            </g>
          ))}
          {labels.map((label, index) => index % nth === 0 && <text key={index} class="axis" x={x(index)} y={height - 8} text-anchor="middle">{label}</text>)}
          {at != null && <rect class="band" x={x(at) - band / 2} width={band} y={TOP} height={height - BOTTOM - TOP} />}
          {bars.map((parts, index) => (
            <g key={index} class={index >= complete ? 'stack open' : 'stack'}>
              {parts.map(({ place: part, from, to }) => (
                <rect key={part} class={`c${series[part]?.colour ?? part + 1}`} x={x(index) - wide / 2} width={wide} y={Math.min(y(from), y(to))} height={Math.abs(y(from) - y(to))} />
              ))}
            </g>
          ))}
        </svg>
        {at != null && <Tip at={at} x={x(at)} width={width} label={longLabels[at] ?? ''} series={series} open={at >= complete} total={text(sum(at))} leads={Boolean(onChoose)} />}
        <p class="quiet" role="status">{at != null ? [longLabels[at], text(sum(at)), ...series.map((one) => `${one.name} ${one.text(one.values[at] ?? null)}`)].join(', ') : ''}</p>
      </div>
      <Legend series={series} />
    </Figure>
  );
}
