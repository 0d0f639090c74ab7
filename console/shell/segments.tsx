/** Segments: filters that were saved under a name, to be used on any report. */

import { ask, askAll } from '../shared/api';
import { useAsked } from '../shared/asking';
import { filtersOfView, type Filter } from '../shared/filters';
import { Actions, Check, Field, Form, Submit } from '../shared/form';
import { Loaded, Name } from '../shared/pieces';
import { useSession } from '../shared/session';
import { say } from '../shared/toast';
import type { SiteOut, ViewIn, ViewOut } from '../types';

export function Segments({ site, filters, use }: { site: SiteOut; filters: readonly Filter[]; use: (filters: Filter[]) => void }) {
  const { may } = useSession();
  const path = `/v1/sites/${site.site_id}/views`;
  const found = useAsked<ViewOut[]>(`segments of ${site.site_id}`, async () => (await askAll<ViewOut>(`${path}?limit=100`)).filter(({ kind }) => kind === 'SEGMENT'));
  return (
    <div class="segments">
      <Loaded of={found} rows={1}>{(listed) => (listed.length ? (
        <>
          <h3>Segments</h3>
          <ul>{listed.map((one) => {
            const saved = filtersOfView(one.question.filters);
            return <li key={one.view_id}><button type="button" class="link" disabled={!saved} onClick={() => saved && use(saved)}><Name>{one.name}</Name></button></li>;
          })}</ul>
        </>
      ) : null)}</Loaded>
      {filters.length > 0 && may('views:write') && (
        <details>
          <summary>Save these filters as a segment</summary>
          <Form onSend={async ({ name = '', shared }, form) => {
            const segment: ViewIn = { name, kind: 'SEGMENT', question: { filters }, shared: shared === 'on' };
            await ask('POST', path, segment);
            form.reset();
            say('The segment is saved.');
            found.again();
          }}>
            <Field name="name" label="Name" required maxLength={100} />
            <Check name="shared" label="Everybody here sees it" />
            <Actions><Submit look="second short">Save the segment</Submit></Actions>
          </Form>
        </details>
      )}
    </div>
  );
}
