/** The organization's members and their roles; callers with the permission change and remove them. */

import { useState } from 'preact/hooks';
import { ask, inWords, withParams } from '../shared/api';
import { useAsked } from '../shared/asking';
import { Actions, Check, Form, Submit, checkedOf } from '../shared/form';
import { Badge, Button, Card, Line, Lines, Loaded, Name, roleName } from '../shared/pieces';
import { useSession, type Session } from '../shared/session';
import { isSure, say } from '../shared/toast';
import { isolated, t } from '../shared/words';
import type { MemberOut, PageOut_MemberOut_, RoleOut } from '../types';

/** The built-in roles that this person can grant: they have no permission that this person lacks. */
export const rolesToGive = ({ may }: Session, roles: readonly RoleOut[]): string[] => roles
  .filter((role) => role.is_built_in && role.permissions.every(may)).map((role) => role.role_id);

export function Members({ roles }: { roles: readonly RoleOut[] }) {
  const [pages, setPages] = useState(1);
  const members = useAsked<PageOut_MemberOut_>(`members ${pages}`, async (signal) => {
    const all: PageOut_MemberOut_ = { items: [], cursor: null };
    for (let page = 0; page < pages && (page === 0 || all.cursor); page += 1) {
      const next = await ask<PageOut_MemberOut_>('GET', withParams('/v1/members', { cursor: all.cursor }), undefined, signal);
      all.items.push(...next.items);
      all.cursor = next.cursor;
    }
    return all;
  });
  return (
    <Card title="Members">
      <Loaded of={members}>{({ items, cursor }) => (
        <>
          <Lines>{items.map((member) => <MemberLine key={member.user_id} member={member} roles={roles} again={members.again} />)}</Lines>
          {cursor && <Button onPress={() => setPages(pages + 1)} look="second">Show more</Button>}
        </>
      )}</Loaded>
    </Card>
  );
}

interface MemberProps { member: MemberOut; roles: readonly RoleOut[]; again: () => void }

function MemberLine({ member, roles, again }: MemberProps) {
  const session = useSession();
  const isMe = member.user_id === session.me.user_id;
  const name = member.name || member.email || member.user_id;
  const names = new Map(roles.map((role) => [role.role_id, role.name]));
  const more = [...member.roles.map(({ what }) => names.get(what) ?? what), ...member.grants.map(({ what }) => what)];
  const mayGive = rolesToGive(session, roles);
  const fixed = isMe || !session.may('members:write') || !mayGive.includes(member.role);
  const custom = roles.filter((role) => !role.is_built_in);
  const [open, setOpen] = useState(false);
  const remove = async () => {
    if (!(await isSure(t('Remove {name} from the organization?', { name }), 'Remove'))) return;
    await ask('DELETE', `/v1/members/${member.user_id}`);
    say('The member is removed.');
    again();
  };
  return (
    <>
    <Line what={<><Name>{name}</Name>{isMe && <> <Badge look="plain">You</Badge></>}</>}
      small={more.length ? t('{email}; also {more}', { email: member.email ?? '', more: more.map(isolated).join(', ') }) : member.email}>
      {fixed ? <Badge>{roleName(member.role)}</Badge> : (
        <>
          <RoleChoice member={member} name={name} mayGive={mayGive} />
          {custom.length > 0 && <Button onPress={() => setOpen(!open)} label={t('Custom roles of {name}', { name })}>Custom roles</Button>}
          <Button onPress={remove} label={t('Remove {name}', { name })}>Remove</Button>
        </>
      )}
    </Line>
    {open && !fixed && <li><CustomRoles member={member} custom={custom} done={() => { setOpen(false); again(); }} /></li>}
    </>
  );
}

/** Roles of the organization's own that a member has beside the built-in one. */
function CustomRoles({ member, custom, done }: { member: MemberOut; custom: readonly RoleOut[]; done: () => void }) {
  const { may } = useSession();
  const has = (id: string) => member.roles.find(({ what }) => what === id);
  return (
    <Form onSend={async (_, form) => {
      const others = member.roles.filter(({ what }) => !custom.some((role) => role.role_id === what));
      const chosen = checkedOf(form, 'role').map((id) => has(id) ?? { what: id });
      await ask<MemberOut>('PATCH', `/v1/members/${member.user_id}`, { roles: [...others, ...chosen] });
      say('The roles are saved. They take effect within a minute.');
      done();
    }}>
      <fieldset><legend>{t('Custom roles of {name}', { name: member.name || member.email || member.user_id })}</legend>
        <div class="checks">{custom.filter((role) => has(role.role_id) || role.permissions.every(may)).map((role) => (
          <Check key={role.role_id} name="role" value={role.role_id} label={role.name} checked={Boolean(has(role.role_id))} />
        ))}</div>
      </fieldset>
      <Actions><Submit look="second">Save the roles</Submit></Actions>
    </Form>
  );
}

function RoleChoice({ member, name, mayGive }: { member: MemberOut; name: string; mayGive: readonly string[] }) {
  const [role, setRole] = useState<string>(member.role);
  const change = async (event: Event) => {
    const select = event.currentTarget as HTMLSelectElement;
    try {
      setRole((await ask<MemberOut>('PATCH', `/v1/members/${member.user_id}`, { role: select.value })).role);
      say('The role is changed. It takes effect within a minute.');
    } catch (error) {
      select.value = role;
      say(inWords(error));
    }
  };
  return (
    <select class="line-select" aria-label={t('Role of {name}', { name })} value={role} onChange={change}>
      {mayGive.map((each) => <option key={each} value={each} selected={each === role}>{roleName(each)}</option>)}
    </select>
  );
}
