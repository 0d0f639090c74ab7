/** Two numbers of each row as points on one line: how far apart they are, and which is the larger. */

import { scale, ticksOf } from '../shared/chart-scale';
import { Figure, useWidth } from '../shared/figure';
import { isolated } from '../shared/words';

export interface Pair { name: string; first: number; last: number }

interface Props { pairs: readonly Pair[]; titles: readonly [first: string, last: string]; head: string; summary: string; text: (value: number) => string; axisText: (value: number) => string }

const ROW = 30;
const TOP = 22;
const RIGHT = 24;

export function Dumbbell({ pairs, titles, head, summary, text, axisText }: Props) {
  const [place, width] = useWidth<HTMLDivElement>();
  const left = Math.min(150, width * 0.36);
  const ticks = ticksOf(0, Math.max(...pairs.flatMap(({ first, last }) => [first, last]), 1), width < 480 ? 2 : 4);
  const x = scale([0, ticks.at(-1) ?? 1], [left, width - RIGHT]);
  const height = TOP + pairs.length * ROW + 4;
  return (
    <Figure summary={summary} table={(
      <table><thead><tr><th scope="col">{head}</th>{titles.map((title) => <th key={title} scope="col" class="number">{title}</th>)}</tr></thead>
        <tbody>{pairs.map(({ name, first, last }) => <tr key={name}><th scope="row">{name}</th><td class="number">{text(first)}</td><td class="number">{text(last)}</td></tr>)}</tbody></table>
    )}>
      <div class="chart-area" ref={place}>
        <svg class="dumbbell" width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={summary}>
          {ticks.map((tick) => (
            <g key={tick}><line class="grid" x1={x(tick)} x2={x(tick)} y1={TOP - 4} y2={height} /><text class="axis" x={x(tick)} y={10} text-anchor="middle">{axisText(tick)}</text></g>
          ))}
          {pairs.map(({ name, first, last }, at) => {
            const y = TOP + (at + 0.5) * ROW;
            return (
              <g key={name}>
                <title>{`${isolated(name)}: ${titles[0]} ${text(first)}, ${titles[1]} ${text(last)}`}</title>
                <text class="label" x={left - 12} y={y} dy="0.32em" text-anchor="end">{isolated(short(name, left))}</text>
                <line class="bridge" x1={x(first)} x2={x(last)} y1={y} y2={y} />
                <circle class="dot c1" cx={x(first)} cy={y} r="6.5" />
                <rect class="dot c2" x={x(last) - 6} y={y - 6} width="12" height="12" rx="2" />
              </g>
            );
          })}
        </svg>
      </div>
      <ul class="legend"><li><i class="key round c1" />{titles[0]}</li><li><i class="key c2" />{titles[1]}</li></ul>
    </Figure>
  );
}

/** A name that fits beside the lines. */
function short(name: string, room: number): string {
  const most = Math.max(8, Math.floor((room - 16) / 7));
  return name.length > most ? `${name.slice(0, most - 1)}…` : name;
}
