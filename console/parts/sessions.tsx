/** A person's sessions, and the accounts of other providers that they sign in with. */

import { useEffect } from 'preact/hooks';
import { ask } from '../shared/api';
import { useGet } from '../shared/asking';
import { waitingInvitation } from '../shared/entry';
import { Actions, CurrentPassword, Form, type Fields } from '../shared/form';
import { Badge, Button, Card, Line, Lines, Loaded, When } from '../shared/pieces';
import { useSession } from '../shared/session';
import { isSure, say } from '../shared/toast';
import { t } from '../shared/words';
import type { OAuthStartOut, OfferedProvidersOut, ProvidersOut, SessionOut, SessionsOut } from '../types';

const METHODS: Record<string, string> = {
  PASSWORD: 'by password', MAGIC_LINK: 'by a link in a mail', SIGN_UP: 'by signing up', GOOGLE: 'with Google', GITHUB: 'with GitHub',
};
const PROVIDERS: Record<string, string> = { google: 'Google', github: 'GitHub' };

/** `round` changes when sessions may have ended. */
export function Sessions({ round }: { round: number }) {
  const sessions = useGet<SessionsOut>('/v1/me/sessions');
  useEffect(() => { if (round) sessions.again(); }, [round]);
  const endAll = async () => {
    if (!(await isSure('Sign out on every device, this one too?', 'Sign out everywhere'))) return;
    await ask('DELETE', '/v1/me/sessions');
    waitingInvitation.forget();
    location.replace('/console/sign-in');
  };
  return (
    <Card title="Where you are signed in">
      <Loaded of={sessions}>{({ items }) => (
        <>
          <Lines>{items.map((each) => <SessionLine key={each.session_id} session={each} again={sessions.again} />)}</Lines>
          <Button look="bad" onPress={endAll}>Sign out everywhere</Button>
        </>
      )}</Loaded>
    </Card>
  );
}

function SessionLine({ session, again }: { session: SessionOut; again: () => void }) {
  const where = [session.device, session.place].filter(Boolean).join(', ');
  const end = async () => {
    await ask('DELETE', `/v1/me/sessions/${session.session_id}`);
    say('That session ends within a minute.');
    again();
  };
  return (
    <Line what={<>{where} {session.is_current && <Badge>This device</Badge>}</>}
      small={<>Signed in {METHODS[session.method] ?? ''} on <When at={session.signed_in_at} />; last seen <When at={session.last_seen_at} /></>}>
      {!session.is_current && <Button onPress={end} label={t('End the session on {where}', { where })}>End</Button>}
    </Line>
  );
}

/** The providers that are set up here or linked already; nothing when there are none. */
export function Providers() {
  const { me } = useSession();
  const offered = useGet<OfferedProvidersOut>('/v1/sign-in/oauth');
  const linked = useGet<ProvidersOut>('/v1/me/oauth');
  if (!offered.answer || !linked.answer) return null;
  const linkedAt = new Map(linked.answer.items.map((each) => [each.provider as string, each.linked_at]));
  const all = [...new Set([...offered.answer.items, ...linkedAt.keys()])];
  if (!all.length) return null;
  const send = async ({ password = '' }: Fields, _form: HTMLFormElement, chosen: string) => {
    if (!linkedAt.has(chosen)) {
      location.assign((await ask<OAuthStartOut>('POST', `/v1/me/oauth/${chosen}`, { password })).authorization_url);
      return;
    }
    await ask('POST', `/v1/me/oauth/${chosen}/unlink`, { password });
    say(t('{provider} is unlinked.', { provider: PROVIDERS[chosen] ?? chosen }));
    linked.again();
  };
  return (
    <Card title="Google and GitHub" about="Link an account to sign in with it instead of the password.">
      <Form onSend={send}>
        {me.has_password && <CurrentPassword />}
        <Actions>{null}</Actions>
        <Lines>{all.map((name) => {
          const at = linkedAt.get(name);
          const provider = PROVIDERS[name] ?? name;
          return (
            <Line key={name} what={provider} small={at ? <>Linked on <When at={at} /></> : 'Not linked'}>
              <button class="button second short" value={name}>{at ? t('Unlink {provider}', { provider }) : t('Link {provider}', { provider })}</button>
            </Line>
          );
        })}</Lines>
      </Form>
    </Card>
  );
}
