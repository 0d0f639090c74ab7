/** The organization's members and their roles; callers with the permission change and remove them. */

import { ask, inWords } from './api.js';
import { button, el, isSure, say } from './dom.js';
import { badge, fill, line, problem, roleName } from './pieces.js';

export async function showMembers(section, session, roles, cursor = null) {
  try {
    const page = await ask('GET', `/v1/members${cursor ? `?cursor=${encodeURIComponent(cursor)}` : ''}`);
    const lines = page.items.map((member) => memberLine(section, session, roles, member));
    const list = cursor ? section.querySelector('ul') : el('ul', { class: 'lines' });
    list.append(...lines);
    fill(section, list, page.cursor && button('Show more', () => showMembers(section, session, roles, page.cursor), 'second'));
  } catch (error) {
    fill(section, problem(error));
  }
}

/** The built-in roles that this person can grant: they have no permission that this person lacks. */
export const rolesToGive = (session, roles) => roles
  .filter((role) => role.is_built_in && role.permissions.every(session.may)).map((role) => role.role_id);

function memberLine(section, session, roles, member) {
  const isMe = member.user_id === session.me.user_id;
  const names = new Map(roles.map((role) => [role.role_id, role.name]));
  const more = [...member.roles.map(({ what }) => names.get(what) ?? what), ...member.grants.map(({ what }) => what)];
  const what = [member.name || member.email, isMe && ' ', isMe && badge('You', 'plain')].filter(Boolean);
  const small = [member.email, more.length ? `; also ${more.join(', ')}` : ''];
  const mayGive = rolesToGive(session, roles);
  if (isMe || !session.may('members:write') || !mayGive.includes(member.role)) {
    return line(what, small, badge(roleName(member.role)));
  }
  return line(what, small, roleChoice(member, mayGive), button('Remove', async () => {
    if (!(await isSure(`Remove ${member.name || member.email} from the organization?`, 'Remove'))) return;
    await ask('DELETE', `/v1/members/${member.user_id}`);
    say('The member is removed.');
    await showMembers(section, session, roles);
  }, 'second short', `Remove ${member.name || member.email}`));
}

function roleChoice(member, mayGive) {
  const select = el('select', { 'aria-label': `Role of ${member.name || member.email}` },
    ...mayGive.map((role) => el('option', { value: role, selected: role === member.role }, roleName(role))));
  select.addEventListener('change', async () => {
    try {
      member.role = (await ask('PATCH', `/v1/members/${member.user_id}`, { role: select.value })).role;
      say('The role is changed. It takes effect within a minute.');
    } catch (error) {
      say(inWords(error));
    }
    select.value = member.role;
  });
  return select;
}
