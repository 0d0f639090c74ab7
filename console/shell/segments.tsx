/** Segments: filters that were saved under a name, to be used on any report. The address names them. */

import { ask } from '../shared/api';
import { sent, wordsOf } from '../shared/filters';
import { Actions, Check, Field, Form, Submit } from '../shared/form';
import { Loaded, Name } from '../shared/pieces';
import { idsText, useSegments } from '../shared/segments';
import { useSession } from '../shared/session';
import { say } from '../shared/toast';
import type { View } from '../shared/view';
import type { ViewIn, ViewOut } from '../types';

export function Segments({ view, use }: { view: View; use: (changes: Record<string, string | null>) => void }) {
  const { may } = useSession();
  const site = view.site.site_id;
  const found = useSegments(site);
  const used = view.segments.map(({ id }) => id);
  return (
    <div class="segments">
      <Loaded of={found} rows={1}>{(listed) => {
        const left = listed.filter(({ id }) => !used.includes(id));
        return left.length > 0 && (
          <>
            <h3>Segments</h3>
            <ul>{left.map(({ id, name, groups }) => (
              <li key={id}><button type="button" class="link" title={groups.map(wordsOf).join('; ')} onClick={() => use({ segment: idsText([...used, id]) })}><Name>{name}</Name></button></li>
            ))}</ul>
          </>
        );
      }}</Loaded>
      {view.filters.length > 0 && may('views:write') && (
        <details>
          <summary>Save these filters as a segment</summary>
          <Form onSend={async ({ name = '', shared }) => {
            const segment: ViewIn = { name, kind: 'SEGMENT', question: { filters: sent(view.filters) }, shared: shared === 'on' };
            const made = await ask<ViewOut>('POST', `/v1/sites/${site}/views`, segment);
            say('The segment is saved. The report uses it.');
            use({ where: null, segment: idsText([...used, made.view_id]) });
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
