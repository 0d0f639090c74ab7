// {"title": "Choose a password", "alone": true}
/** Sets a new password with a link from a mail. The next sign-in still asks for the second factor. */

import { BrokenLink } from '../../shared/alone';
import { ask } from '../../shared/api';
import { fragment } from '../../shared/entry';
import { Actions, Field, Form, Submit } from '../../shared/form';

const EXPIRED = { 401: 'This link was used already or has expired. Go to the sign-in page and ask for a new one.' };

export default function ResetPassword() {
  const token = fragment('token');
  if (!token) return <BrokenLink href="/console/forgot-password" action="Ask for a link">Open it from your mail again, or ask for a new one.</BrokenLink>;
  return (
    <>
      <h1 tabIndex={-1}>Choose a password</h1>
      <p>Every device is signed out. Sign in with this password and, if two-factor sign-in is on, a code.</p>
      <Form words={EXPIRED} onSend={async ({ password }) => {
        await ask('POST', '/v1/password/reset', { token, password });
        location.replace('/console/sign-in#done=password');
      }}>
        <Field name="password" label="New password" type="password" autocomplete="new-password" maxLength={1024} required
          hint="At least 15 characters; 8 if two-factor sign-in is on." />
        <Actions><Submit look="full">Set the password</Submit></Actions>
      </Form>
    </>
  );
}
