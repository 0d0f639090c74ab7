/** What the pages before the sign-in share: where to go once signed in, and an invitation that waits for it. */

const INVITATION = 'optiq.invitation';
const NEXT = 'optiq.next';

export interface SignInOutcome { status: string; challenge?: string | null }

/**
 * The invitation that this browser opened. It outlives the tab: a sign-up comes back by a link in another mail.
 * Only the person with the invited address can use it.
 */
export const waitingInvitation = {
  get: () => localStorage.getItem(INVITATION) ?? '',
  keep: (token: string) => localStorage.setItem(INVITATION, token),
  forget: () => localStorage.removeItem(INVITATION),
};

/** The value of `#name=` in the address. Browsers never send it to a server. */
export const fragment = (name: string): string => new URLSearchParams(location.hash.slice(1)).get(name) ?? '';

/** Sends somebody to sign in, and back to this page after it. */
export function toSignIn(): void {
  sessionStorage.setItem(NEXT, location.pathname + location.search);
  location.replace('/console/sign-in');
}

/** Goes on after a sign-in: to the second factor, to an invitation that waits, to where somebody came from. */
export function goOn(outcome: SignInOutcome): void {
  if (outcome.status === 'SECOND_FACTOR_NEEDED') {
    location.replace(`/console/sign-in#challenge=${encodeURIComponent(outcome.challenge ?? '')}`);
    return;
  }
  const next = sessionStorage.getItem(NEXT) ?? '';
  sessionStorage.removeItem(NEXT);
  const back = next.startsWith('/console') ? next : '/console';
  location.replace(waitingInvitation.get() ? '/console/invitation' : back);
}
