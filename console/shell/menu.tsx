/** The menu on the left, by question. */

import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { hrefOf, useAddress } from '../shared/address';
import { useSession } from '../shared/session';
import { PAGES, addressOf, menuFor } from './pages';

const FOLDED = ['Settings', 'Organization'];

export function Menu({ page }: { page: string }) {
  const { may } = useSession();
  useAddress();
  // A group far below may hold the page that is open.
  useEffect(() => document.querySelector('.menu [aria-current]')?.scrollIntoView({ block: 'nearest' }), [page]);
  return (
    <nav class="menu" id="menu" aria-label="Console">
      {menuFor(may).map(({ name, pages }) => (
        <Group key={name} name={name} here={pages.includes(page)}>
          <ul>{pages.map((each) => (
            <li key={each}><a href={hrefOf(addressOf(each))} aria-current={each === page ? 'page' : undefined}>{PAGES[each]?.title}</a></li>
          ))}</ul>
        </Group>
      ))}
    </nav>
  );
}

/** Groups that are rarely needed are folded, unless their page is open. */
function Group({ name, here, children }: { name: string; here: boolean; children: ComponentChildren }) {
  if (FOLDED.includes(name)) return <details class="menu-group" open={here}><summary>{name}</summary>{children}</details>;
  return <div class="menu-group">{name !== 'Start' && <h2>{name}</h2>}{children}</div>;
}
