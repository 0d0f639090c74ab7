/** The frame of pages before the sign-in: one card in the middle. */

import { PageView } from './page-view';
import { Brand } from './brand';

export function Alone({ page }: { page: string }) {
  return (
    <div class="alone">
      <header><Brand /></header>
      <main id="main" class="card"><PageView page={page} /></main>
    </div>
  );
}
