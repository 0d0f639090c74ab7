/** Accepts or declines an invitation. A person who is not signed in does that first, and comes back. */

import { Refusal, ask, inWords } from './api.js';
import { button, byId, el, fragment } from './dom.js';
import { showBrokenLink, waitingInvitation } from './entry.js';
import { onSubmit } from './form.js';
import { enter, signOut } from './session.js';

const INVITED = 'Somebody invites you to their organization on Optiq.';
const OVER = {
  401: 'The link was used, revoked, replaced or has expired. Ask the person who invited you for a new one.',
  409: 'You are a member already, or the organization is archived. Ask the person who invited you.',
};
const token = fragment('token') || waitingInvitation.get();
const status = byId('status');
const answer = byId('answer');

async function whoIsHere() {
  try {
    return await ask('GET', '/v1/me');
  } catch (error) {
    if (error instanceof Refusal && error.status === 401) return null;
    throw error;
  }
}

async function show() {
  const me = await whoIsHere();
  if (me) {
    status.replaceChildren(INVITED, ' You are signed in as ', el('strong', {}, me.email), '.');
  } else {
    status.textContent = `${INVITED} Sign in, or create an account, with the e-mail that received the invitation.`;
  }
  answer.hidden = !me;
  byId('not-me').hidden = !me;
  byId('enter').hidden = Boolean(me);
}

async function accept() {
  const organization = await ask('POST', '/v1/invitations/accept', { token });
  waitingInvitation.forget();
  await enter(organization);
  location.replace('/console');
}

async function decline() {
  await ask('POST', '/v1/invitations/decline', { token });
  showEnd('Declined', 'You did not join the organization. The person who invited you can invite you again.');
}

/** Replaces the question with its outcome. */
function showEnd(title, text) {
  waitingInvitation.forget();
  const heading = el('h1', { tabindex: '-1' }, title);
  byId('card').replaceChildren(heading, el('p', {}, text), el('a', { class: 'button full', href: '/console' }, 'Go to the console'));
  heading.focus();
}

for (const pressed of answer.querySelectorAll('button')) {
  pressed.addEventListener('click', () => { answer.dataset.answer = pressed.value; });
}
onSubmit(answer, async () => {
  try {
    await (answer.dataset.answer === 'decline' ? decline() : accept());
  } catch (error) {
    const over = error instanceof Refusal && OVER[error.status];
    if (!over) throw error;
    showEnd('This invitation is no longer valid', over);
  }
});
byId('not-now').addEventListener('click', waitingInvitation.forget);
byId('leave').addEventListener('click', async () => {
  try {
    await signOut();
  } finally {
    waitingInvitation.keep(token);
  }
});

if (!token) {
  showBrokenLink('Open it from your mail again, or ask the person who invited you to send it again.', '/console', 'Go to the console');
} else {
  waitingInvitation.keep(token);
  show().catch((error) => {
    status.textContent = inWords(error);
    status.after(button('Try again', () => location.reload(), 'full'));
  });
}
