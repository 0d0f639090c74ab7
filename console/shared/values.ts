/** The values that a dimension has in the days of a view, to choose one rather than spell it. */

import { VALUES, dimensionOf, type Source } from './catalogue';
import { useQuestion } from './question';
import type { View } from './view';

const MOST = 50;
/** A metric of each source, whose rows tell the values that there are. */
const TELLS: Record<Source, string> = { visits: 'visits', events: 'events', ledger: 'conversions', ads: 'spend' };

/** The most frequent values, whatever the filters; none of a dimension whose few values have names. */
export function useValues(view: View, dimension: string): string[] {
  const source = dimensionOf(dimension)?.sources[0];
  const found = useQuestion({ ...view, filters: [], segments: [], conversion: '' }, source && !VALUES[dimension]
    ? { metrics: [TELLS[source]], dimensions: [dimension], limit: MOST, compare: 'NONE' } : null);
  return found.answer?.rows.map(({ keys }) => keys[0] ?? '').filter(Boolean) ?? [];
}
