/** What the pages before the sign-in share: where to go once signed in, and an invitation that waits for it. */

import { byId, el } from './dom.js';

const INVITATION = 'optiq.invitation';
const NEXT = 'optiq.next';

/**
 * The invitation whose link was opened here. It outlives the tab: who signs up comes back by a link in another mail.
 * It is of use to nobody but who can sign in with the address it was sent to.
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

/** Puts "look into your mails" in place of what the page asked for. */
export function showMailSent(email, told) {
  const heading = el('h1', { tabindex: '-1' }, 'Check your mail');
  const address = el('strong', {}, email);
  const sent = el('p', {}, 'A mail is on its way to ', address, '. ', told);
  const late = 'It may take a minute. Not there? Look into the spam folder, and check that the address is right.';
  const back = el('a', { href: '/console/sign-in' }, 'Back to sign in');
  byId('card').replaceChildren(heading, sent, el('p', { class: 'soft small' }, late), el('p', { class: 'below' }, back));
  heading.focus();
}

/** Puts "this link cannot work" in place of a page that was opened without what a mail's link carries. */
export function showBrokenLink(told, address, action) {
  const heading = el('h1', { tabindex: '-1' }, 'This link is not complete');
  byId('card').replaceChildren(heading, el('p', {}, told), el('a', { class: 'button full', href: address }, action));
  heading.focus();
}
