/** Forms for a person without an organization or a site: they replace the report. */

import { ask } from './api.js';
import { el } from './dom.js';
import { onSubmit } from './form.js';
import { field, formOf, row, submit, trackerTag } from './pieces.js';
import { enter } from './session.js';

/** A form that creates an organization. */
export function organizationForm() {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const form = formOf(
    field('name', 'Name', { id: 'new-name', required: true, maxlength: 200, autocomplete: 'organization' }),
    row(
      field('currency', 'Currency', { id: 'new-currency', required: true, value: 'EUR', maxlength: 3 }, 'Such as EUR.'),
      field('timezone', 'Timezone', { id: 'new-timezone', required: true, value: timeZone || 'UTC' }, 'Such as Europe/Berlin.')),
    submit('Create the organization'));
  onSubmit(form, async ({ name, currency, timezone }) => {
    await enter(await ask('POST', '/v1/organizations', { name, currency: currency.toUpperCase(), timezone }));
    location.assign('/console');
  });
  return form;
}

export function showNoOrganization(place) {
  place.replaceChildren(el('section', { class: 'card' },
    el('h2', {}, 'Create your organization'),
    el('p', { class: 'soft' }, 'Sites and colleagues belong to an organization. If your company has one already, ask for an invitation instead.'),
    organizationForm()));
}

export function showFirstSite(place, session) {
  if (!session.may('sites:write')) {
    const text = 'There is no site yet. An admin of this organization can create one.';
    place.replaceChildren(el('section', { class: 'card' }, el('p', { class: 'nothing' }, text)));
    return;
  }
  place.replaceChildren(el('section', { class: 'card' }, el('h2', {}, 'Create your first site'),
    el('p', { class: 'soft' }, 'Optiq reports the journeys of a site: a shop, a product or a landing page.'),
    siteForm(place)));
}

/** A form that creates a site, then shows how to install the tracker. */
export function siteForm(place) {
  const form = formOf(
    row(
      field('name', 'Name', { required: true, maxlength: 200, placeholder: 'Shop' }),
      field('domains', 'Domain', { required: true, placeholder: 'shop.example.com', autocapitalize: 'none' })),
    submit('Create the site'));
  onSubmit(form, async ({ name, domains }) => {
    const { site } = await ask('POST', '/v1/sites', { name, domains: [domains] });
    showInstallation(place, site);
  });
  return form;
}

function showInstallation(place, site) {
  const heading = el('h2', { tabindex: '-1' }, `${site.name} is ready`);
  place.replaceChildren(el('section', { class: 'card' }, heading,
    el('p', {}, 'Add the tag to your pages. Visits then appear in the report within seconds.'), trackerTag(site),
    el('a', { class: 'button', href: `/console?site=${site.site_id}` }, 'See the report')));
  heading.focus();
}
