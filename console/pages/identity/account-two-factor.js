/** Two-factor sign-in: set up an app, confirm with a code, show the recovery codes once. */

import { ask } from './api.js';
import { el, say } from './dom.js';
import { letPasswordsBeSeen, onSubmit } from './form.js';
import { badge, copy, currentPassword, field, fill, formOf, submit } from './pieces.js';

const CODE = { autocomplete: 'one-time-code', autocapitalize: 'characters', spellcheck: 'false', maxlength: 40, required: true };

/** @param {Function} sessionsEnded called when a change ended other sessions. */
export function showTwoFactor(section, me, sessionsEnded) {
  const again = () => showTwoFactor(section, me, sessionsEnded);
  if (me.two_factor) {
    fill(section, el('p', {}, badge('On'), ' Signing in asks for a code from your app.'),
      details('New recovery codes', renewal(section, me, again)),
      details('Turn it off', turningOff(section, me, sessionsEnded, again)));
    return;
  }
  const form = formOf(me.has_password && currentPassword('two-factor-password'), submit('Set it up'));
  onSubmit(form, async ({ password = '' }) => {
    showEnrolment(section, me, await ask('POST', '/v1/me/two-factor', { password }), sessionsEnded, again);
  });
  letPasswordsBeSeen(form);
  const text = 'Signing in asks for a code from an app on your phone too. A stolen password alone is not enough.';
  fill(section, el('p', { class: 'soft' }, text), form);
}

function showEnrolment(section, me, enrolment, sessionsEnded, again) {
  const address = `data:image/svg+xml,${encodeURIComponent(svgFile(enrolment.qr_svg))}`;
  const picture = el('img', { alt: 'QR code to set up the authenticator app', src: address });
  const code = field('code', 'Code', { ...CODE, id: 'confirm-code', inputmode: 'numeric' }, 'The six digits in the app.');
  const form = formOf(code, submit('Turn it on'));
  onSubmit(form, async ({ code }) => {
    const { recovery_codes: codes } = await ask('POST', '/v1/me/two-factor/confirm', { code });
    me.two_factor = true;
    showCodes(section, codes, 'Two-factor sign-in is on.', again);
    await sessionsEnded();
  }, { 403: 'The code is wrong or expired. Wait for the next one, and check the phone’s clock.' });
  const secret = enrolment.secret.match(/.{1,4}/g).join(' ');
  fill(section, el('div', { class: 'enrol' }, picture, el('div', {},
    el('p', {}, 'Scan the QR code with an authenticator app. Then enter the code from the app.'),
    el('p', {}, 'No camera? Enter this key in the app: ', el('code', {}, secret)),
    form)));
  form.elements.code.focus();
}

/** An inline SVG as a file of its own. */
const svgFile = (picture) => picture.replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" ');

function showCodes(section, codes, notice, again) {
  const text = codes.join('\n');
  const heading = el('h3', { tabindex: '-1' }, 'Your recovery codes');
  const address = URL.createObjectURL(new Blob([`${text}\n`], { type: 'text/plain' }));
  const done = el('button', { type: 'button', class: 'button' }, 'I have saved them');
  done.addEventListener('click', () => {
    URL.revokeObjectURL(address);
    again();
    section.firstElementChild.focus();
  });
  const file = { class: 'button second', href: address, download: 'optiq-recovery-codes.txt' };
  fill(section, el('p', { class: 'notice good' }, notice), heading,
    el('p', {}, 'Use a code when you lose the app. Each works once. Save them now: they are not shown again.'),
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
  const form = proof('renew', me, 'Create ten new codes', '');
  onSubmit(form, async ({ password = '', code }) => {
    const { recovery_codes: codes } = await ask('POST', '/v1/me/recovery-codes', { password, code });
    showCodes(section, codes, 'The old codes no longer work.', again);
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
