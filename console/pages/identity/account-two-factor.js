/** Two-factor sign-in: set up with an app, confirmed by a code, with recovery codes that are shown once. */

import { ask } from './api.js';
import { el, say } from './dom.js';
import { letPasswordsBeSeen, onSubmit } from './form.js';
import { badge, copy, currentPassword, field, fill, formOf, submit } from './pieces.js';

const CODE = { autocomplete: 'one-time-code', autocapitalize: 'characters', spellcheck: 'false', maxlength: 40, required: true };

/** @param {Function} sessionsEnded called when other sessions came to an end by a change. */
export function showTwoFactor(section, me, sessionsEnded) {
  const again = () => showTwoFactor(section, me, sessionsEnded);
  if (me.two_factor) {
    fill(section, el('p', {}, badge('On'), ' Signing in asks for a code of your app.'),
      details('New recovery codes', renewal(section, me, again)),
      details('Turn it off', turningOff(section, me, sessionsEnded, again)));
    return;
  }
  const form = formOf(me.has_password && currentPassword('two-factor-password'), submit('Set it up'));
  onSubmit(form, async ({ password = '' }) => {
    showEnrolment(section, me, await ask('POST', '/v1/me/two-factor', { password }), sessionsEnded, again);
  });
  letPasswordsBeSeen(form);
  const told = 'Besides the password, a code from an app on your phone: who learns your password still does not get in.';
  fill(section, el('p', { class: 'soft' }, told), form);
}

function showEnrolment(section, me, enrolment, sessionsEnded, again) {
  const address = `data:image/svg+xml,${encodeURIComponent(standing(enrolment.qr_svg))}`;
  const picture = el('img', { alt: 'QR code to set up the authenticator app', src: address });
  const code = field('code', 'Code', { ...CODE, id: 'confirm-code', inputmode: 'numeric' }, 'The six digits that the app shows now.');
  const form = formOf(code, submit('Turn it on'));
  onSubmit(form, async ({ code }) => {
    const { recovery_codes: codes } = await ask('POST', '/v1/me/two-factor/confirm', { code });
    me.two_factor = true;
    showCodes(section, codes, 'Two-factor sign-in is on.', again);
    await sessionsEnded();
  }, { 403: 'That code is wrong or too old. Wait for the next one, and look whether the phone’s clock is right.' });
  const secret = enrolment.secret.match(/.{1,4}/g).join(' ');
  fill(section, el('div', { class: 'enrol' }, picture, el('div', {},
    el('p', {}, 'Scan the picture with an authenticator app, then type the code it shows.'),
    el('p', {}, 'No camera? Type this into the app: ', el('code', {}, secret)),
    form)));
  form.elements.code.focus();
}

/** An SVG that was made to stand within HTML, as one that stands alone. */
const standing = (picture) => picture.replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" ');

function showCodes(section, codes, told, again) {
  const text = codes.join('\n');
  const heading = el('h3', { tabindex: '-1' }, 'Your recovery codes');
  const address = URL.createObjectURL(new Blob([`${text}\n`], { type: 'text/plain' }));
  const done = el('button', { type: 'button', class: 'button' }, 'I have kept them');
  done.addEventListener('click', () => {
    URL.revokeObjectURL(address);
    again();
    section.firstElementChild.focus();
  });
  const file = { class: 'button second', href: address, download: 'optiq-recovery-codes.txt' };
  fill(section, el('p', { class: 'notice good' }, told), heading,
    el('p', {}, 'Each opens your account once when the app is lost. They are shown only now: keep them like important papers.'),
    el('ul', { class: 'codes' }, ...codes.map((code) => el('li', {}, code))),
    el('div', { class: 'actions' }, done, copy(text, 'recovery codes'), el('a', file, 'Save as a file')));
  heading.focus();
}

const details = (summary, form) => el('details', {}, el('summary', {}, summary), form);

function proof(prefix, me, label, look) {
  const form = formOf(me.has_password && currentPassword(`${prefix}-password`),
    field('code', 'Code', { ...CODE, id: `${prefix}-code` }, 'Six digits from the app, or a recovery code.'),
    submit(label, look));
  letPasswordsBeSeen(form);
  return form;
}

function renewal(section, me, again) {
  const form = proof('renew', me, 'Make ten new codes', '');
  onSubmit(form, async ({ password = '', code }) => {
    const { recovery_codes: codes } = await ask('POST', '/v1/me/recovery-codes', { password, code });
    showCodes(section, codes, 'The old codes do not work any more.', again);
  });
  return form;
}

function turningOff(section, me, sessionsEnded, again) {
  const form = proof('off', me, 'Turn it off', 'bad');
  onSubmit(form, async ({ password = '', code }) => {
    await ask('POST', '/v1/me/two-factor/disable', { password, code });
    me.two_factor = false;
    again();
    say('Two-factor sign-in is off. Every other device is signed out.');
    await sessionsEnded();
  });
  return form;
}
