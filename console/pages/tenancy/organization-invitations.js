/** Invites people by mail; sends open invitations again, or revokes them. */

import { ask, askAll } from './api.js';
import { button, el, isSure, say, when } from './dom.js';
import { onSubmit } from './form.js';
import { rolesToGive } from './organization-members.js';
import { choice, field, fill, formOf, line, list, problem, roleName, row, submit } from './pieces.js';

const ROLES = {
  VIEWER: 'Viewer: reads reports', MEMBER: 'Member: works on sites',
  ADMIN: 'Admin: manages people too', OWNER: 'Owner: everything',
};

export async function showInvitations(section, session, roles) {
  try {
    const open = (await askAll('/v1/invitations')).filter((invitation) => invitation.status === 'OPEN');
    const mayInvite = session.may('members:invite');
    fill(section, mayInvite && inviting(section, session, roles),
      open.length ? list(open.map((each) => invitationLine(section, session, roles, each, mayInvite)))
        : el('p', { class: 'soft small' }, 'There are no open invitations.'));
  } catch (error) {
    fill(section, problem(error));
  }
}

function inviting(section, session, roles) {
  const options = rolesToGive(session, roles).reverse().map((role) => [role, ROLES[role]]);
  const form = formOf(
    row(
      field('email', 'E-mail of a colleague', { type: 'email', required: true, maxlength: 320, autocomplete: 'off' }),
      choice('role', 'Role', options, 'VIEWER')),
    submit('Invite'));
  onSubmit(form, async ({ email, role }) => {
    await ask('POST', '/v1/invitations', { email, role });
    say(`An invitation is on its way to ${email}.`);
    await showInvitations(section, session, roles);
  });
  return form;
}

function invitationLine(section, session, roles, invitation, mayInvite) {
  const address = `/v1/invitations/${invitation.invitation_id}`;
  const place = (invitation.team_id && ', into a team') || (invitation.workspace_id && ', into a workspace') || '';
  const sent = [`${roleName(invitation.role)}${place}; sent `, when(invitation.sent_at)];
  const small = [...sent, ', expires ', when(invitation.expires_at)];
  const controls = mayInvite ? [
    button('Send again', async () => {
      await ask('POST', `${address}/send`);
      say(`A new link is on its way to ${invitation.email}. The old one no longer works.`);
      await showInvitations(section, session, roles);
    }, 'second short', `Send again to ${invitation.email}`),
    button('Revoke', async () => {
      if (!(await isSure(`Revoke the invitation to ${invitation.email}?`, 'Revoke'))) return;
      await ask('DELETE', address);
      say('The invitation is revoked.');
      await showInvitations(section, session, roles);
    }, 'second short', `Revoke the invitation to ${invitation.email}`),
  ] : [];
  return line([invitation.email], small, ...controls);
}
