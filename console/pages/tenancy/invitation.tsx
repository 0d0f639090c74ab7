// {"title": "Your invitation", "alone": true}
/** Accepts or declines an invitation. A person who is not signed in does that first, and comes back. */

import { useEffect, useState } from 'preact/hooks';
import { BrokenLink } from '../../shared/alone';
import { Refusal, ask, inWords } from '../../shared/api';
import { fragment, waitingInvitation } from '../../shared/entry';
import { Actions, Form, Submit } from '../../shared/form';
import { FocusedHeading } from '../../shared/pieces';
import { enter, signOut } from '../../shared/session';
import type { OrganizationOut, ProfileOut } from '../../types';

const OVER: Record<number, string> = {
  401: 'The link was used, revoked, replaced or has expired. Ask the person who invited you for a new one.',
  409: 'You are a member already, or the organization is archived. Ask the person who invited you.',
};

async function whoIsHere(): Promise<ProfileOut | null> {
  try {
    return await ask<ProfileOut>('GET', '/v1/me');
  } catch (error) {
    if (error instanceof Refusal && error.status === 401) return null;
    throw error;
  }
}

interface End { title: string; text: string }

export default function Invitation() {
  const [token] = useState(fragment('token') || waitingInvitation.get());
  const [me, setMe] = useState<ProfileOut | null | undefined>(undefined);
  const [error, setError] = useState<unknown>(null);
  const [end, setEnd] = useState<End | null>(null);
  useEffect(() => {
    if (!token) return;
    waitingInvitation.keep(token);
    whoIsHere().then(setMe, setError);
  }, []);
  if (!token) {
    return <BrokenLink href="/console" action="Go to the console">Open it from your mail again, or ask the person who invited you to send it again.</BrokenLink>;
  }
  if (end) return <Over end={end} />;
  return (
    <>
      <h1 tabIndex={-1}>You are invited</h1>
      {Boolean(error) && (<><p role="status">{inWords(error)}</p><button type="button" class="button full" onClick={() => location.reload()}>Try again</button></>)}
      {!error && me === undefined && <p role="status">One moment …</p>}
      {me === null && <Strangers />}
      {me && <Answering me={me} token={token} over={setEnd} />}
    </>
  );
}

const Strangers = () => (
  <>
    <p role="status">Somebody invites you to their organization on Optiq. Sign in, or create an account, with the e-mail that received the invitation.</p>
    <div class="stack">
      <a class="button" href="/console/sign-in">Sign in</a>
      <a class="button second" href="/console/sign-up">Create an account</a>
    </div>
  </>
);

function Answering({ me, token, over }: { me: ProfileOut; token: string; over: (end: End) => void }) {
  const finish = (title: string, text: string) => {
    waitingInvitation.forget();
    over({ title, text });
  };
  const accept = async () => {
    const organization = await ask<OrganizationOut>('POST', '/v1/invitations/accept', { token });
    waitingInvitation.forget();
    await enter(organization);
    location.replace('/console');
  };
  const decline = async () => {
    await ask('POST', '/v1/invitations/decline', { token });
    finish('Declined', 'You did not join the organization. The person who invited you can invite you again.');
  };
  const send = async (_fields: unknown, _form: unknown, pressed: string) => {
    try {
      await (pressed === 'decline' ? decline() : accept());
    } catch (error) {
      const text = error instanceof Refusal && OVER[error.status];
      if (!text) throw error;
      finish('This invitation is no longer valid', text);
    }
  };
  const leave = async () => {
    try {
      await signOut();
    } finally {
      waitingInvitation.keep(token);
    }
  };
  return (
    <>
      <p role="status">Somebody invites you to their organization on Optiq. You are signed in as <strong>{me.email}</strong>.</p>
      <Form onSend={send}>
        <Actions><Submit value="accept">Accept</Submit><Submit look="second" value="decline">Decline</Submit></Actions>
      </Form>
      <p class="below"><a href="/console" onClick={waitingInvitation.forget}>Not now</a> · Not you? <button type="button" class="link" onClick={leave}>Use another account</button></p>
    </>
  );
}

const Over = ({ end }: { end: End }) => (
  <>
    <FocusedHeading>{end.title}</FocusedHeading>
    <p>{end.text}</p>
    <a class="button full" href="/console">Go to the console</a>
  </>
);
