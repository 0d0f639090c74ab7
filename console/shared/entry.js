/** What the pages before the sign-in share: where to go once signed in, and an invitation that waits for it. */

import { byId, el } from './dom.js';

const INVITATION = 'optiq.invitation';
const NEXT = 'optiq.next';

/**
 * The invitation that this browser opened. It outlives the tab: a sign-up comes back by a link in another mail.
 * Only the person with the invited address can use it.
 */
export const waitingInvitation = {
  get: () => localStorage.getItem(INVITATION) ?? '',
  keep: (token) => localStorage.setItem(INVITATION, token),
  forget: () => localStorage.removeItem(INVITATION),
};

/** Sends somebody to sign in, and back to this page after it. */
export function toSignIn() {
  sessionStorage.setItem(NEXT, location.pathname + location.search);
  location.replace('/console/sign-in');
}

/** Goes on after a sign-in: to the second factor, to an invitation that waits, to where somebody came from. */
export function goOn(outcome) {
  if (outcome.status === 'SECOND_FACTOR_NEEDED') {
    location.replace(`/console/sign-in#challenge=${encodeURIComponent(outcome.challenge)}`);
    return;
  }
  const next = sessionStorage.getItem(NEXT) ?? '';
  sessionStorage.removeItem(NEXT);
  const back = next.startsWith('/console') ? next : '/console';
  location.replace(waitingInvitation.get() ? '/console/invitation' : back);
}

/** Replaces the form with "check your mail". */
export function showMailSent(email, hint) {
  const heading = el('h1', { tabindex: '-1' }, 'Check your mail');
  const address = el('strong', {}, email);
  const sent = el('p', {}, 'A mail is on its way to ', address, '. ', hint);
  const late = 'It may take a minute. No mail? Check the spam folder and the address.';
  const back = el('a', { href: '/console/sign-in' }, 'Back to sign in');
  byId('card').replaceChildren(heading, sent, el('p', { class: 'soft small' }, late), el('p', { class: 'below' }, back));
  heading.focus();
}

/** Replaces a page that was opened without its token. */
export function showBrokenLink(text, address, action) {
  const heading = el('h1', { tabindex: '-1' }, 'This link is not complete');
  byId('card').replaceChildren(heading, el('p', {}, text), el('a', { class: 'button full', href: address }, action));
  heading.focus();
}
