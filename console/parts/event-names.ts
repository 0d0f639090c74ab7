import { useQuestion } from '../shared/question';
import type { View } from '../shared/view';

/** The names of a site's events, the most frequent first. */
export function useEventNames(view: View): string[] {
  const found = useQuestion({ ...view, filters: [], segments: [], conversion: '' }, { metrics: ['events'], dimensions: ['event'], limit: 200, compare: 'NONE' });
  return found.answer?.rows.map(({ keys }) => keys[0] ?? '').filter(Boolean) ?? [];
}
