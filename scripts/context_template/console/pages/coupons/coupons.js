/** Coupons of the organization: a list, and a form to create one. */

import { ask, askAll } from './api.js';
import { showNoOrganization } from './beginnings.js';
import { byId, el, say, when } from './dom.js';
import { onSubmit } from './form.js';
import { card, field, fill, formOf, line, list, problem, submit } from './pieces.js';
import { signedIn } from './session.js';

const path = '/v1/coupons';
const session = await signedIn();
const place = byId('coupons');
if (session.current) await show();
else showNoOrganization(place);

async function show() {
  const shown = card('All coupons');
  const creating = session.may('coupons:write') && card('New coupon');
  place.replaceChildren(...[shown, creating].filter(Boolean));
  if (creating) fill(creating, form(() => showList(shown)));
  await showList(shown);
}

async function showList(section) {
  try {
    const items = await askAll(path);
    const lines = items.map((coupon) => line([coupon.name], ['created ', when(coupon.created_at)]));
    fill(section, lines.length ? list(lines) : el('p', { class: 'soft' }, 'No coupons yet.'));
  } catch (error) {
    fill(section, problem(error));
  }
}

function form(done) {
  const made = formOf(field('name', 'Name', { required: true, maxlength: 200 }), submit('Create'));
  onSubmit(made, async ({ name }) => {
    await ask('POST', path, { name });
    made.reset();
    say('Created.');
    await done();
  });
  return made;
}
