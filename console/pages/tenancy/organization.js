/** The organization: members, invitations, settings, and the person's other organizations. */

import { ask } from './api.js';
import { button, byId, el, isSure, say } from './dom.js';
import { organizationForm, showNoOrganization } from './beginnings.js';
import { onSubmit } from './form.js';
import { showInvitations } from './organization-invitations.js';
import { showMembers } from './organization-members.js';
import { badge, card, field, fill, formOf, line, list, roleName, row, submit } from './pieces.js';
import { enter, signedIn } from './session.js';

const session = await signedIn();
if (session.current) await show();
else showNoOrganization(byId('sections'));

async function show() {
  const parts = ['Members', 'Invitations', 'Settings', 'Your organizations'].map(card);
  const [members, invitations, settings, organizations] = parts;
  byId('title').textContent = session.current.organization.name;
  byId('sections').replaceChildren(...parts);
  showSettings(settings, session.current.organization);
  showOrganizations(organizations);
  const roles = (await ask('GET', '/v1/roles')).items;
  await Promise.all([showMembers(members, session, roles), showInvitations(invitations, session, roles)]);
}

function showSettings(section, organization) {
  if (!session.may('organization:write')) {
    const { name, slug, currency, timezone } = organization;
    const facts = Object.entries({ Name: name, 'Short name': slug, Currency: currency, Timezone: timezone });
    fill(section, el('dl', { class: 'facts' }, ...facts.flatMap(([key, value]) => [el('dt', {}, key), el('dd', {}, value)])));
    return;
  }
  const form = formOf(
    row(
      field('name', 'Name', { value: organization.name, required: true, maxlength: 200 }),
      field('slug', 'Short name', { value: organization.slug, required: true, maxlength: 50 }, 'Small letters, digits, hyphens.')),
    row(
      field('currency', 'Currency', { value: organization.currency, required: true, maxlength: 3 }, 'The default for new sites.'),
      field('timezone', 'Timezone', { value: organization.timezone, required: true, maxlength: 60 }, 'The default for new sites.')),
    submit('Save the settings'));
  onSubmit(form, async ({ name, slug, currency, timezone }) => {
    const all = Object.entries({ name, slug, currency: currency.toUpperCase(), timezone });
    const changed = all.filter(([key, value]) => value !== organization[key]);
    if (changed.length) {
      const { version } = organization;
      Object.assign(organization, await ask('PATCH', '/v1/organization', { ...Object.fromEntries(changed), version }));
      byId('title').textContent = organization.name;
    }
    say('The settings are saved.');
  }, { 409: 'Somebody else changed the settings at the same time. Reload the page and try again.' });
  fill(section, form);
}

function showOrganizations(section) {
  const lines = session.organizations.map(({ organization, role }) => {
    const isHere = organization.organization_id === session.current.organization.organization_id;
    const controls = isHere ? [] : [button('Switch', async () => {
      await enter(organization);
      location.reload();
    }, 'second short', `Switch to ${organization.name}`)];
    controls.push(button('Leave', () => leave(organization), 'second short', `Leave ${organization.name}`));
    return line([organization.name, ' ', isHere && badge('Current')].filter(Boolean), [roleName(role)], ...controls);
  });
  fill(section, list(lines), el('details', {}, el('summary', {}, 'Create another organization'), organizationForm()));
}

async function leave(organization) {
  if (!(await isSure(`Leave ${organization.name}? You need a new invitation to come back.`, 'Leave'))) return;
  await ask('POST', `/v1/organizations/${organization.organization_id}/leave`);
  location.assign('/console');
}
