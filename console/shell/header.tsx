/** The header: organization, site, search, help, bell, person. */

import { useState } from 'preact/hooks';
import { inWords } from '../shared/api';
import { go, setParams, useAddress } from '../shared/address';
import { Popover } from '../shared/pieces';
import { enter, signOut, useSession } from '../shared/session';
import { themeNow, setTheme, THEMES, type Theme } from '../shared/theme';
import { say } from '../shared/toast';
import { Bell } from './bell';
import { Brand } from './brand';
import { openHelp, openSearch } from './keys';

export function Header({ menuOpen, toggleMenu }: { menuOpen: boolean; toggleMenu: () => void }) {
  const session = useSession();
  return (
    <header class="top">
      <button type="button" class="menu-button" aria-expanded={menuOpen} aria-controls="menu" onClick={toggleMenu}>
        <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true"><path d="M3 5h14M3 10h14M3 15h14" /></svg><span>Menu</span>
      </button>
      <Brand />
      <OrganizationChoice />
      <SiteChoice />
      <button type="button" class="search-button" onClick={openSearch}><span>Search and go</span><kbd aria-hidden="true">/</kbd></button>
      <button type="button" class="icon-button" onClick={openHelp} aria-label="Help and keys?">?</button>
      {session.me && <Bell />}
      {session.me && <Person />}
    </header>
  );
}

function OrganizationChoice() {
  const { organizations, current } = useSession();
  const id = current?.organization.organization_id;
  if (organizations.length < 2) return current ? <span class="org-name" title={current.organization.name}>{current.organization.name}</span> : null;
  const change = async (event: Event) => {
    try {
      await enter({ organization_id: (event.currentTarget as HTMLSelectElement).value });
      // Sites of one organization are none of another's.
      location.assign(location.pathname);
    } catch (error) {
      say(inWords(error));
    }
  };
  return (
    <select aria-label="Organization" value={id} onChange={change}>
      {organizations.map(({ organization }) => (
        <option key={organization.organization_id} value={organization.organization_id} selected={organization.organization_id === id}>{organization.name}</option>
      ))}
    </select>
  );
}

function SiteChoice() {
  const { sites } = useSession();
  const url = useAddress();
  if (!sites.length) return null;
  const asked = url.searchParams.get('site') ?? '';
  const known = !asked || sites.some((site) => site.site_id === asked);
  const value = known ? asked || sites[0]?.site_id : '?';
  return (
    <select aria-label="Site" value={value} onChange={(event) => setParams({ site: event.currentTarget.value })}>
      {!known && <option value="?" selected>Choose one</option>}
      {sites.map((site) => <option key={site.site_id} value={site.site_id} selected={site.site_id === value}>{site.name}</option>)}
    </select>
  );
}

function Person() {
  const { me } = useSession();
  const [theme, put] = useState(themeNow());
  const choose = (event: Event) => {
    const chosen = (event.currentTarget as HTMLSelectElement).value as Theme;
    setTheme(chosen);
    put(chosen);
  };
  return (
    <Popover id="person-menu" look="person" opener={<><span aria-hidden="true">{initials(me.name || me.email)}</span><span class="quiet">{`You: ${me.name || me.email}`}</span></>}>
      <p class="person-name"><strong>{me.name || me.email}</strong><small>{me.email}</small></p>
      <div class="person-theme"><label for="theme">Theme</label><select id="theme" value={theme} onChange={choose}>{THEMES.map(([name, text]) => <option key={name} value={name} selected={name === theme}>{text}</option>)}</select></div>
      <a href="/console/account" onClick={() => go('/console/account')}>Account</a>
      <button type="button" class="link" onClick={() => signOut().catch((error) => say(inWords(error)))}>Sign out</button>
    </Popover>
  );
}

const initials = (name: string): string => name.split(/[\s@.]+/).slice(0, 2).map((part) => [...part][0] ?? '').join('').toUpperCase();
