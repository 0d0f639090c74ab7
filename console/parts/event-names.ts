import type { Asked } from '../shared/asking';
import { useQuestion } from '../shared/question';
import type { View } from '../shared/view';

/** The names of a site's events, the most frequent first; none before they are known. */
export function useEventNames(view: View): Asked<unknown> & { names: string[] } {
  const found = useQuestion({ ...view, filters: [], segments: [], conversion: '' }, { metrics: ['events'], dimensions: ['event'], limit: 200, compare: 'NONE' });
  return { ...found, names: found.answer?.rows.map(({ keys }) => keys[0] ?? '').filter(Boolean) ?? [] };
}
