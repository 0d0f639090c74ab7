/** Invites people by mail; sends open invitations again, or revokes them. */

import { ask, askAll } from '../shared/api';
import { useAsked } from '../shared/asking';
import { Actions, Choice, Field, Form, Row, Submit } from '../shared/form';
import { Button, Card, Line, Lines, Loaded, When, roleName } from '../shared/pieces';
import { useSession } from '../shared/session';
import { isSure, say } from '../shared/toast';
import { t } from '../shared/words';
import type { InvitationOut, RoleOut } from '../types';
import { rolesToGive } from './members';

const ROLES: Record<string, string> = {
  VIEWER: 'Viewer: reads reports', MEMBER: 'Member: works on sites', ADMIN: 'Admin: manages people too', OWNER: 'Owner: everything',
};

export function Invitations({ roles }: { roles: readonly RoleOut[] }) {
  const { may } = useSession();
  const invitations = useAsked<InvitationOut[]>('invitations', () => askAll('/v1/invitations'));
  return (
    <Card title="Invitations">
      {may('members:invite') && <Inviting roles={roles} again={invitations.again} />}
      <Loaded of={invitations}>{(all) => {
        const open = all.filter((each) => each.status === 'OPEN');
        if (!open.length) return <p class="soft small">There are no open invitations.</p>;
        return <Lines>{open.map((each) => <InvitationLine key={each.invitation_id} one={each} again={invitations.again} />)}</Lines>;
      }}</Loaded>
    </Card>
  );
}

function Inviting({ roles, again }: { roles: readonly RoleOut[]; again: () => void }) {
  const session = useSession();
  const options = rolesToGive(session, roles).reverse().map((role) => [role, ROLES[role] ?? role] as const);
  return (
    <Form onSend={async ({ email = '', role }, form) => {
      await ask('POST', '/v1/invitations', { email, role });
      form.reset();
      say(t('An invitation is on its way to {email}.', { email }));
      again();
    }}>
      <Row>
        <Field name="email" label="E-mail of a colleague" type="email" required maxLength={320} autocomplete="off" />
        <Choice name="role" label="Role" options={options} value="VIEWER" />
      </Row>
      <Actions><Submit>Invite</Submit></Actions>
    </Form>
  );
}

function InvitationLine({ one, again }: { one: InvitationOut; again: () => void }) {
  const { may } = useSession();
  const address = `/v1/invitations/${one.invitation_id}`;
  const place = (one.team_id && ', into a team') || (one.workspace_id && ', into a workspace') || '';
  const send = async () => {
    await ask('POST', `${address}/send`);
    say(t('A new link is on its way to {email}. The old one no longer works.', { email: one.email }));
    again();
  };
  const revoke = async () => {
    if (!(await isSure(t('Revoke the invitation to {email}?', { email: one.email }), 'Revoke'))) return;
    await ask('DELETE', address);
    say('The invitation is revoked.');
    again();
  };
  return (
    <Line what={one.email} small={<>{roleName(one.role)}{place}; sent <When at={one.sent_at} />, expires <When at={one.expires_at} /></>}>
      {may('members:invite') && (
        <>
          <Button onPress={send} label={t('Send again to {email}', { email: one.email })}>Send again</Button>
          <Button onPress={revoke} label={t('Revoke the invitation to {email}', { email: one.email })}>Revoke</Button>
        </>
      )}
    </Line>
  );
}
