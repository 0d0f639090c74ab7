/** Saves what a report shows under a name, and leads on to what can be done with it. */

import { useState } from 'preact/hooks';
import { ask } from '../shared/api';
import { hrefOf } from '../shared/address';
import { Actions, Check, Field, Form, Submit } from '../shared/form';
import { Popover } from '../shared/pieces';
import { useSession } from '../shared/session';
import { say } from '../shared/toast';
import { t } from '../shared/words';
import type { ViewIn, ViewOut } from '../types';

export function SaveView({ site, kind, question }: { site: string; kind: ViewIn['kind']; question: object }) {
  const { may } = useSession();
  const [saved, setSaved] = useState<ViewOut | null>(null);
  if (!may('views:write')) return null;
  return (
    <Popover id="save-view" look="button second short" opener="Save view">
      <Form onSend={async ({ name = '', shared }, form) => {
        const view: ViewIn = { name, kind, question: question as Record<string, unknown>, shared: shared === 'on' };
        setSaved(await ask<ViewOut>('POST', `/v1/sites/${site}/views`, view));
        form.reset();
        say('The view is saved.');
      }}>
        <Field name="name" label="Name" required maxLength={100} />
        <Check name="shared" label="Everybody here sees it" />
        <Actions><Submit>Save</Submit><a href={hrefOf('views')}>Saved views</a></Actions>
      </Form>
      {saved && may('schedules:write') && <p class="small"><a href={hrefOf('scheduled-mails', { thing: `VIEW ${saved.view_id}` })}>{t('Send {name} by mail each week', { name: saved.name })}</a></p>}
    </Popover>
  );
}
