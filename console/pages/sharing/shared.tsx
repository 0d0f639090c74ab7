// {"title": "Shared report", "alone": true, "wide": true}
/** What a share link shows, for people without an account. The token is in the address and is sent to nobody but the API. */

import { useState } from 'preact/hooks';
import { Board } from '../../parts/board';
import { BrokenLink } from '../../shared/alone';
import { Refusal } from '../../shared/api';
import { usePost } from '../../shared/asking';
import { fragment } from '../../shared/entry';
import { Loaded, Name, When } from '../../shared/pieces';
import { PageHead } from '../../shared/report';
import type { SharedOut } from '../../types';

export default function Shared() {
  const [token] = useState(fragment('token'));
  const found = usePost<SharedOut>(token ? '/v1/shared/query' : '', token ? { token } : null);
  if (!token) return <BrokenLink href="/console" action="Go to the console">Open it from the message again, or ask the person who sent it for a new one.</BrokenLink>;
  if (found.error instanceof Refusal && (found.error.status === 404 || found.error.status === 401)) {
    return (
      <section class="card narrow">
        <h1>This link shows nothing any more</h1>
        <p>It has expired or was revoked. Ask the person who sent it for a new one.</p>
      </section>
    );
  }
  return (
    <Loaded of={found} rows={8} tall>{(shared) => (
      <>
        <PageHead title={<Name>{shared.name}</Name>} about={<>Shared until <When at={shared.expires_at} /></>} />
        <Board cards={shared.cards} again={found.again} />
      </>
    )}</Loaded>
  );
}
