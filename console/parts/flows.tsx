/** Paths as flows between columns, with a sentence about them. */

import { count, valueText } from '../shared/format';
import { t } from '../shared/words';
import type { PathsOut } from '../types';
import { Sankey } from './sankey';

export const Flows = ({ answer, backward, onChoose }: { answer: PathsOut; backward: boolean; onChoose?: (name: string) => void }) => (
  <Sankey edges={answer.edges} total={answer.paths} end={backward ? 'Beginning' : 'End'} onChoose={onChoose}
    summary={t('{count} paths; the first step is most often {name}.', { count: count(answer.paths), name: valueText(mostFrequent(answer)) })} />
);

function mostFrequent({ edges }: PathsOut): string {
  const sums = new Map<string, number>();
  for (const { step, node, paths } of edges) if (step === edges[0]?.step) sums.set(node, (sums.get(node) ?? 0) + paths);
  return [...sums].sort((a, b) => b[1] - a[1])[0]?.[0] ?? '';
}
