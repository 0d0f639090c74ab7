/** What stands where a report would, until there is an organization and a site to report on. */

import { ask } from './api.js';
import { el } from './dom.js';
import { onSubmit } from './form.js';
import { field, formOf, row, submit, trackerTag } from './pieces.js';
import { enter } from './session.js';

/** A form that makes an organization of one's own. */
export function organizationForm() {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const form = formOf(
    field('name', 'Name', { id: 'new-name', required: true, maxlength: 200, autocomplete: 'organization' }),
    row(
      field('currency', 'Currency', { id: 'new-currency', required: true, value: 'EUR', maxlength: 3 }, 'Such as EUR.'),
      field('timezone', 'Timezone', { id: 'new-timezone', required: true, value: timeZone || 'UTC' }, 'Such as Europe/Berlin.')),
    submit('Make the organization'));
  onSubmit(form, async ({ name, currency, timezone }) => {
    await enter(await ask('POST', '/v1/organizations', { name, currency: currency.toUpperCase(), timezone }));
    location.assign('/console');
  });
  return form;
}

export function showNoOrganization(place) {
  place.replaceChildren(el('section', { class: 'card' },
    el('h2', {}, 'Make your organization'),
    el('p', { class: 'soft' }, 'Sites and colleagues belong to an organization. If yours has one already, ask for an invitation instead.'),
    organizationForm()));
}

export function showFirstSite(place, session) {
  if (!session.may('sites:write')) {
    const told = 'There is no site to report on yet. Whoever manages this organization can make one.';
    place.replaceChildren(el('section', { class: 'card' }, el('p', { class: 'nothing' }, told)));
    return;
  }
  place.replaceChildren(el('section', { class: 'card' }, el('h2', {}, 'Make your first site'),
    el('p', { class: 'soft' }, 'A site is what you want to see the journeys of: a shop, a product, a landing page.'),
    siteForm(place)));
}

/** A form that makes a site, and then shows how to install the tracker there in place of what there was. */
export function siteForm(place) {
  const form = formOf(
    row(
      field('name', 'Name', { required: true, maxlength: 200, placeholder: 'Shop' }),
      field('domains', 'Domain', { required: true, placeholder: 'shop.example.com', autocapitalize: 'none' })),
    submit('Make the site'));
  onSubmit(form, async ({ name, domains }) => {
    const { site } = await ask('POST', '/v1/sites', { name, domains: [domains] });
    showInstallation(place, site);
  });
  return form;
}

function showInstallation(place, site) {
  const heading = el('h2', { tabindex: '-1' }, `${site.name} is ready`);
  place.replaceChildren(el('section', { class: 'card' }, heading,
    el('p', {}, 'What visitors do appears in the report within seconds, once the pages carry its tag.'), trackerTag(site),
    el('a', { class: 'button', href: `/console?site=${site.site_id}` }, 'See the report')));
  heading.focus();
}
