/** The menu on the left, by question. */

import { hrefOf, useAddress } from '../shared/address';
import { useSession } from '../shared/session';
import { PAGES, addressOf, menuFor } from './pages';

export function Menu({ page }: { page: string }) {
  const { may } = useSession();
  useAddress();
  return (
    <nav class="menu" id="menu" aria-label="Console">
      {menuFor(may).map(({ name, pages }) => (
        <div class="menu-group" key={name}>
          {name !== 'Start' && <h2>{name}</h2>}
          <ul>{pages.map((each) => (
            <li key={each}><a href={hrefOf(addressOf(each))} aria-current={each === page ? 'page' : undefined}>{PAGES[each]?.title}</a></li>
          ))}</ul>
        </div>
      ))}
    </nav>
  );
}
