/** Lists of the API that come page by page: the next page is added below. */

import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ask, withParams, type Page } from './api';
import { useGet } from './asking';
import { Button, Loaded } from './pieces';

interface Props<Item> { path: string; empty: ComponentChildren; limit?: number; children: (items: Item[], again: () => void) => ComponentChildren }

export function Pages<Item>({ path, empty, limit = 50, children }: Props<Item>) {
  const start = withParams(path, { limit });
  const first = useGet<Page<Item>>(start);
  const [more, setMore] = useState<Page<Item>>({ items: [], cursor: null });
  useEffect(() => setMore({ items: [], cursor: first.answer?.cursor ?? null }), [first.answer]);
  return (
    <Loaded of={first} rows={8}>{({ items }) => {
      const all = [...items, ...more.items];
      if (!all.length) return empty;
      return (
        <>
          {children(all, first.again)}
          {more.cursor && <p class="more"><Button look="second" onPress={async () => {
            const next = await ask<Page<Item>>('GET', withParams(start, { cursor: more.cursor }));
            setMore({ items: [...more.items, ...next.items], cursor: next.cursor });
          }}>Show more</Button></p>}
        </>
      );
    }}</Loaded>
  );
}
