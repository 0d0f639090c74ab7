/** The signed-in person, the current organization, what they may do there, and its sites. */

import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { MyOrganizationOut, OrganizationOut, SessionStartOut, SiteOut } from '../types';
import { Refusal, ask } from './api';
import { toSignIn, waitingInvitation } from './entry';

const LAST = 'optiq.organization';

export interface Session {
  me: SessionStartOut['me'];
  organizations: MyOrganizationOut[];
  current: MyOrganizationOut | null;
  sites: SiteOut[];
  may: (permission: string) => boolean;
  /** Reads all of it again, after a change of it. */
  again: () => Promise<void>;
}

const Place = createContext<Session | null>(null);
export const SessionProvider = Place.Provider;

/** The session of a page behind the sign-in. */
export function useSession(): Session {
  const session = useContext(Place);
  if (!session) throw new Error('This page has no session');
  return session;
}

/**
 * Reads the session. Without one the browser goes to the sign-in page, and this never returns.
 * A session without an organization enters the last one used, else the first.
 */
export async function readSession(): Promise<Omit<Session, 'again'>> {
  let start: SessionStartOut;
  try {
    start = await ask<SessionStartOut>('GET', '/v1/session');
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 401) throw error;
    toSignIn();
    return new Promise(() => {});
  }
  const { me, organizations, sites } = start;
  const current = organizations.find((each) => each.is_current) ?? null;
  if (!current && organizations[0]) {
    const last = localStorage.getItem(LAST);
    await enter((organizations.find((each) => each.organization.organization_id === last) ?? organizations[0]).organization);
    return readSession();
  }
  // What staff may is no permission of an organization.
  const allowed = new Set([...start.permissions, ...(start.staff ? ['staff'] : [])]);
  return { me, organizations, current, sites, may: (permission) => allowed.has(permission) };
}

/** Switches to an organization; the session gets a new secret, as a cookie. */
export async function enter(organization: Pick<OrganizationOut, 'organization_id'>): Promise<void> {
  await ask('POST', `/v1/organizations/${organization.organization_id}/switch`);
  localStorage.setItem(LAST, organization.organization_id);
}

/** Ends the session, and leaves nothing of it behind. */
export async function signOut(): Promise<void> {
  await ask('POST', '/v1/sign-out');
  waitingInvitation.forget();
  location.replace('/console/sign-in');
}
