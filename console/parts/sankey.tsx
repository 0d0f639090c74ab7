/** Flows from column to column: nodes as bars, edges as ribbons. Every column adds up to the same total. */

import { count, percent } from '../shared/format';
import { Figure, useWidth } from '../shared/figure';
import { colourOf } from '../shared/chart-scale';
import { isolated, t } from '../shared/words';

export interface Edge { step: number; node: string; next: string; paths: number }
interface Node { step: number; name: string; paths: number; top: number; height: number; out: number; in: number }

const GAP = 10;
const LEAST = 3;
const BAR = 10;

/** What a node without a name means: the path ends (or begins) there. */
interface Props {
  edges: readonly Edge[];
  total: number;
  end: string;
  summary: string;
  /** Left out where nodes lead nowhere. */
  onChoose?: (name: string) => void;
}

/** Columns of nodes with their places. */
export function layout(edges: readonly Edge[], height: number): Node[][] {
  const steps = [...new Set(edges.map(({ step }) => step))].sort((a, b) => a - b);
  const last = steps.at(-1) ?? 0;
  const columns = [...steps, last + 1].map((step) => {
    const sums = new Map<string, number>();
    for (const edge of edges) {
      if (edge.step === step) sums.set(edge.node, (sums.get(edge.node) ?? 0) + edge.paths);
      if (step > (steps[0] ?? 0) && edge.step === step - 1 && (edge.next === '' || step === last + 1)) sums.set(edge.next, (sums.get(edge.next) ?? 0) + edge.paths);
    }
    const late = (name: string) => (name === '' ? 2 : name === 'Other' ? 1 : 0);
    return [...sums].sort((a, b) => late(a[0]) - late(b[0]) || b[1] - a[1]).map(([name, paths]): Node => ({ step, name, paths, top: 0, height: 0, out: 0, in: 0 }));
  });
  const most = Math.max(...columns.map((nodes) => nodes.reduce((sum, { paths }) => sum + paths, 0)), 1);
  const longest = Math.max(...columns.map((nodes) => nodes.length), 1);
  const unit = Math.max(height - (longest - 1) * GAP, 40) / most;
  for (const nodes of columns) {
    let top = 0;
    for (const node of nodes) {
      Object.assign(node, { top, height: Math.max(node.paths * unit, LEAST), out: top, in: top });
      top += node.height + GAP;
    }
  }
  return columns;
}

export function Sankey({ edges, total, end, summary, onChoose }: Props) {
  const [place, width] = useWidth<HTMLDivElement>();
  const height = 380;
  const columns = layout(edges, height);
  const step = Math.max((width - 150) / Math.max(columns.length - 1, 1), 175);
  const x = (column: number) => column * step;
  const first = columns[0]?.[0]?.step ?? 1;
  const find = (column: number, name: string) => columns[column]?.find((node) => node.name === name);
  const ribbons = edges.flatMap((edge) => {
    const [from, to] = [find(edge.step - first, edge.node), find(edge.step - first + 1, edge.next)];
    if (!from || !to || !edge.paths) return [];
    const wide = Math.max((edge.paths / from.paths) * from.height, 1);
    const into = Math.max((edge.paths / to.paths) * to.height, 1);
    const [y1, y2] = [from.out, to.in];
    from.out += wide;
    to.in += into;
    const [x1, x2] = [x(edge.step - first) + BAR, x(edge.step - first + 1)];
    const middle = (x1 + x2) / 2;
    return [{ edge, d: `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}L${x2} ${y2 + into}C${middle} ${y2 + into} ${middle} ${y1 + wide} ${x1} ${y1 + wide}Z` }];
  });
  const bottom = Math.max(...columns.flat().map((node) => node.top + node.height), 100);
  const label = (name: string) => name || end;
  return (
    <Figure summary={summary} table={(
      <table><thead><tr><th scope="col">Step</th><th scope="col">From</th><th scope="col">To</th><th scope="col" class="number">Paths</th></tr></thead>
        <tbody>{edges.map((edge) => <tr key={`${edge.step} ${edge.node} ${edge.next}`}><th scope="row">{edge.step}</th><td>{label(edge.node)}</td><td>{label(edge.next)}</td><td class="number">{count(edge.paths)}</td></tr>)}</tbody></table>
    )}>
      <div class="chart-area scroll" ref={place} tabIndex={0} role="group" aria-label="Flows">
        <svg class="sankey" width={Math.max(width, x(columns.length - 1) + 150)} height={bottom + 24}>
          <g aria-hidden="true">{ribbons.map(({ edge, d }) => (
            <path key={`${edge.step} ${edge.node} ${edge.next}`} class={`ribbon c${colourFor(edge.node)}`} d={d}><title>{t('{from} → {to}: {count}', { from: label(edge.node), to: label(edge.next), count: count(edge.paths) })}</title></path>
          ))}</g>
          {columns.map((nodes, column) => nodes.map((node) => {
            const leads = onChoose && node.name && node.name !== 'Other';
            const choose = () => leads && onChoose(node.name);
            return (
              <g key={`${column} ${node.name}`} class={`node c${colourFor(node.name)}`} role={leads ? 'button' : 'img'} tabIndex={leads ? 0 : undefined} data-leads={Boolean(leads)}
                aria-label={t('{name} {count}, {share} of the paths, step {step}', { name: short(label(node.name)), step: column + 1, count: count(node.paths), share: percent(node.paths / Math.max(total, 1)) })}
                onClick={choose} onKeyDown={(event) => { if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); choose(); } }}>
                <rect class={node.name ? 'bar-mark' : 'bar-mark ended'} x={x(column)} y={node.top} width={BAR} height={node.height} rx="2" />
                <text x={x(column) + BAR + 6} y={node.top + Math.min(node.height / 2, 12)} dy="0.32em">{short(label(node.name))} <tspan class="soft">{count(node.paths)}</tspan></text>
              </g>
            );
          }))}
        </svg>
      </div>
    </Figure>
  );
}

/** What has no name of its own is grey. */
const colourFor = (name: string): number => (name && name !== 'Other' ? colourOf(name) : 0);

const short = (name: string): string => isolated(name.length > 22 ? `${name.slice(0, 12)}…${name.slice(-9)}` : name);
