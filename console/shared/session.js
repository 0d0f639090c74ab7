/** The signed-in person, the current organization, their permissions there; the bar on top of every page. */

import { Refusal, ask, inWords } from './api.js';
import { button, byId, el, say } from './dom.js';
import { toSignIn, waitingInvitation } from './entry.js';

const LAST = 'optiq.organization';

// A page that a browser kept would show the last person's data to the next one.
addEventListener('pageshow', ({ persisted }) => persisted && location.reload());

/**
 * The signed-in person. Without a session the browser goes to the sign-in page, and this never returns.
 * @returns {Promise<{me: object, organizations: object[], current: object | null, may: (permission: string) => boolean}>}
 */
export async function signedIn() {
  try {
    const [me, listed] = await Promise.all([ask('GET', '/v1/me'), ask('GET', '/v1/organizations')]);
    const organizations = listed.items;
    const current = organizations.find((each) => each.is_current) ?? (await entered(organizations));
    const allowed = current ? await permissions(me) : new Set();
    const session = { me, organizations, current, may: (permission) => allowed.has(permission) };
    showBar(session);
    return session;
  } catch (error) {
    if (error instanceof Refusal && error.status === 401) {
      toSignIn();
      return new Promise(() => {});
    }
    byId('main').replaceChildren(el('section', { class: 'card' },
      el('h1', {}, 'This did not load'),
      el('p', { role: 'alert' }, inWords(error)),
      el('a', { class: 'button', href: location.href }, 'Try again')));
    throw error;
  }
}

/** Switches to an organization; the session gets a new secret, as a cookie. */
export async function enter(organization) {
  await ask('POST', `/v1/organizations/${organization.organization_id}/switch`);
  localStorage.setItem(LAST, organization.organization_id);
}

/** Ends the session, and leaves nothing of it behind. */
export async function signOut() {
  await ask('POST', '/v1/sign-out');
  waitingInvitation.forget();
  location.replace('/console/sign-in');
}

/** A new session has no organization yet: this switches to the last one used, else to the first. */
async function entered(organizations) {
  const last = localStorage.getItem(LAST);
  const chosen = organizations.find((each) => each.organization.organization_id === last) ?? organizations[0];
  if (!chosen) return null;
  await enter(chosen.organization);
  return { ...chosen, is_current: true };
}

/** The person's permissions, to hide what the API would reject. The API checks each request itself. */
async function permissions(me) {
  const [roles, member] = await Promise.all([ask('GET', '/v1/roles'), ask('GET', `/v1/members/${me.user_id}`)]);
  const byRole = new Map(roles.items.map((role) => [role.role_id, role.permissions]));
  const lasts = ({ expires_at: end }) => !end || Date.parse(end) > Date.now();
  return new Set([
    ...byRole.get(member.role),
    ...member.roles.filter(lasts).flatMap(({ what }) => byRole.get(what) ?? []),
    ...member.grants.filter(lasts).map(({ what }) => what),
  ]);
}

function showBar({ me, organizations, current }) {
  const name = el('span', { class: 'who-name' }, me.name || me.email);
  const place = organizations.length > 1 ? chooser(organizations, current) : null;
  byId('who').replaceChildren(...[place, name, button('Sign out', signOut)].filter(Boolean));
}

function chooser(organizations, current) {
  const options = organizations.map((each) => {
    const { organization_id: id, name } = each.organization;
    return el('option', { value: id, selected: each === current || id === current?.organization.organization_id }, name);
  });
  const select = el('select', { 'aria-label': 'Organization' }, ...options);
  select.addEventListener('change', async () => {
    try {
      await enter({ organization_id: select.value });
      // Sites of one organization are none of another's.
      location.assign(location.pathname);
    } catch (error) {
      say(inWords(error));
    }
  });
  return select;
}
