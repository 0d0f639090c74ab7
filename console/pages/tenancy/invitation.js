/** Accepting or declining an invitation; whoever is not signed in does that first, and comes back. */

import { Refusal, ask, inWords } from './api.js';
import { button, byId, el, fragment } from './dom.js';
import { showBrokenLink, waitingInvitation } from './entry.js';
import { onSubmit } from './form.js';
import { enter, signOut } from './session.js';

const INVITED = 'Somebody invites you to their organization on Optiq.';
const OVER = {
  401: 'It was used, revoked, sent again, or is older than 7 days. If you are not in the organization, ask whoever invited you for another.',
  409: 'You are in there already, or it was archived: ask whoever invited you.',
};
const token = fragment('token') || waitingInvitation.get();
const told = byId('told');
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
    told.replaceChildren(INVITED, ' You are signed in as ', el('strong', {}, me.email), '.');
  } else {
    told.textContent = `${INVITED} Sign in with the address that got it, or make an account with that; then you are asked again.`;
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
  showEnd('Declined', 'You are not in that organization. Whoever invited you can do so again.');
}

/** Puts what there is to do in place of a question that needs no answer any more. */
function showEnd(title, told) {
  waitingInvitation.forget();
  const heading = el('h1', { tabindex: '-1' }, title);
  byId('card').replaceChildren(heading, el('p', {}, told), el('a', { class: 'button full', href: '/console' }, 'Go to the console'));
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
    showEnd('This invitation is over', over);
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
  showBrokenLink('Open it from your mail once more, or ask whoever invited you to send it again.', '/console', 'Go to the console');
} else {
  waitingInvitation.keep(token);
  show().catch((error) => {
    told.textContent = inWords(error);
    told.after(button('Try again', () => location.reload(), 'full'));
  });
}
