/** Deleting the own account, and keeping it until that begins. */

import { useState } from 'preact/hooks';
import { ask, Refusal } from '../shared/api';
import { useAsked } from '../shared/asking';
import { Actions, CurrentPassword, Form, Submit } from '../shared/form';
import { Button, Card, Loaded, Notice, When } from '../shared/pieces';
import { say } from '../shared/toast';
import type { DeletionOut } from '../types';

const PATH = '/v1/me/deletion';

/** The deletion that is planned; null for none. */
async function planned(): Promise<{ due_at: string | null }> {
  try {
    return await ask<DeletionOut>('GET', PATH);
  } catch (error) {
    if (error instanceof Refusal && error.status === 404) return { due_at: null };
    throw error;
  }
}

export function DeleteAccount() {
  const found = useAsked(PATH, planned);
  const [open, setOpen] = useState(false);
  return (
    <Card title="Delete the account" about="You leave your organizations at once. After 30 days your profile, sessions, keys and mails are gone, and your address is free.">
      <Loaded of={found} rows={1}>{({ due_at: due }) => due ? (
        <>
          <Notice look="warn">Your account is deleted on <When at={due} />. You are in no organization.</Notice>
          <div class="actions"><Button look="second" onPress={async () => {
            await ask('DELETE', PATH);
            say('Your account stays.');
            setOpen(false);
            found.again();
          }}>Keep my account</Button></div>
        </>
      ) : open ? (
        <Form onSend={async (fields) => {
          await ask('POST', PATH, { password: fields.password ?? '' });
          say('Your account is deleted in 30 days.');
          found.again();
        }}><CurrentPassword /><Actions><Submit look="bad">Delete my account</Submit></Actions></Form>
      ) : <div class="actions"><Button look="second" onPress={() => setOpen(true)}>Delete the account</Button></div>}</Loaded>
    </Card>
  );
}
