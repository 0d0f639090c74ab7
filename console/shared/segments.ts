/** Segments: filters that were saved under a name. An address names them; what they filter by is asked for. */

import { askAll } from './api';
import { useAsked, type Asked } from './asking';
import { groupsOf, type Group } from './filters';
import type { ViewOut } from '../types';

export interface Segment { id: string; name: string; groups: readonly Group[] }

/** The segments of a site that one may use, asked anew for another `of`; '' asks nothing. */
export const useSegments = (site: string, of = ''): Asked<Segment[]> => useAsked<Segment[]>(site && `segments of ${site} ${of}`, async () => (
  (await askAll<ViewOut>(`/v1/sites/${site}/views?limit=100`)).filter(({ kind }) => kind === 'SEGMENT')
    .map(({ view_id: id, name, question }) => ({ id, name, groups: groupsOf(question.filters) }))
), `${site} ${of}`);

export const idsOf = (text: string): string[] => text.split('.').filter(Boolean);
export const idsText = (ids: readonly string[]): string | null => ids.join('.') || null;
