// {"title": "Account", "menu": "Organization", "order": 90, "words": "profile password two-factor sessions API keys language"}
/** A person's account: a card for each part. */

import { useState } from 'preact/hooks';
import { ApiKeys } from '../../parts/api-keys';
import { DeleteAccount } from '../../parts/delete-account';
import { Providers, Sessions } from '../../parts/sessions';
import { TwoFactor } from '../../parts/two-factor';
import { ask } from '../../shared/api';
import { Actions, CurrentPassword, Field, Form, Row, Submit } from '../../shared/form';
import { Card } from '../../shared/pieces';
import { PageHead } from '../../shared/report';
import { useSession } from '../../shared/session';
import { say } from '../../shared/toast';
import { t } from '../../shared/words';

export default function Account() {
  const { again } = useSession();
  const [round, setRound] = useState(0);
  const changed = async () => {
    setRound((count) => count + 1);
    await again();
  };
  return (
    <>
      <PageHead title="Your account" />
      <Profile />
      <Password changed={changed} />
      <TwoFactor changed={changed} />
      <Providers />
      <Sessions round={round} />
      <ApiKeys />
      <DeleteAccount />
    </>
  );
}

function Profile() {
  const { me, again } = useSession();
  const save = async (fields: Record<string, string>) => {
    const changed = Object.fromEntries(['name', 'locale', 'timezone'].flatMap((name) => (
      fields[name] === me[name as 'name'] ? [] : [[name, fields[name]]])));
    await ask('PATCH', '/v1/me', changed);
    await again();
    say('Your profile is saved.');
  };
  return (
    <Card title="Profile">
      <Form onSend={save}>
        <Row>
          <Field name="name" label="Name" defaultValue={me.name} required maxLength={200} autocomplete="name" />
          <Field name="address" label="E-mail" defaultValue={me.email} disabled />
        </Row>
        <Row>
          <Field name="locale" label="Language" defaultValue={me.locale} maxLength={35} hint="A tag such as en-IE or de-DE." />
          <Field name="timezone" label="Timezone" defaultValue={me.timezone} maxLength={60} hint="Such as Europe/Berlin." />
        </Row>
        <Actions><Submit>Save the profile</Submit></Actions>
      </Form>
    </Card>
  );
}

function Password({ changed }: { changed: () => Promise<void> }) {
  const { me } = useSession();
  const save = async ({ username: _, ...passwords }: Record<string, string>, form: HTMLFormElement) => {
    await ask('POST', '/v1/me/password', passwords);
    form.reset();
    say('Your password is changed. Every other device is signed out.');
    await changed();
  };
  return (
    <Card title="Password" about="A change signs out every other device.">
      <Form onSend={save}>
        <input type="hidden" name="username" autocomplete="username" value={me.email} />
        {me.has_password && <CurrentPassword name="current_password" label="Current password" />}
        <Field name="new_password" label="New password" type="password" autocomplete="new-password" required maxLength={1024}
          hint={t('At least {count} characters. Several words in a row work well.', { count: me.two_factor ? 8 : 15 })} />
        <Actions><Submit>{me.has_password ? 'Change the password' : 'Set a password'}</Submit></Actions>
      </Form>
    </Card>
  );
}
