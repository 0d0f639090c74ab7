/** The frame of pages without a sign-in: one card in the middle, or the whole width for a shared report. */

import { PageView } from './page-view';
import { Brand } from './brand';
import { PAGES } from './pages';

export function Alone({ page }: { page: string }) {
  if (PAGES[page]?.wide) {
    return (
      <div class="alone-wide">
        <header class="top"><Brand /></header>
        <main id="main" tabIndex={-1}><div class="page"><PageView page={page} /></div></main>
      </div>
    );
  }
  return (
    <div class="alone">
      <header><Brand /></header>
      <main id="main" class="card"><PageView page={page} /></main>
    </div>
  );
}
