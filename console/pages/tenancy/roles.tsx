// {"title": "Roles", "menu": "Organization", "order": 50, "needs": "members:read", "words": "permissions custom roles rights"}
/** Roles and what each may do; own roles are made of permissions. */

import { useState } from 'preact/hooks';
import { ask } from '../../shared/api';
import { useGet } from '../../shared/asking';
import { Actions, Check, Field, Form, Row, Submit, checkedOf } from '../../shared/form';
import { Badge, Button, Card, Line, Lines, Loaded, Name } from '../../shared/pieces';
import { PageHead } from '../../shared/report';
import { useSession } from '../../shared/session';
import { isSure, say } from '../../shared/toast';
import { plural, t } from '../../shared/words';
import type { PageOut_RoleOut_, RoleOut } from '../../types';

export default function Roles() {
  const { may } = useSession();
  const roles = useGet<PageOut_RoleOut_>('/v1/roles');
  const [editing, setEditing] = useState<RoleOut | null>(null);
  return (
    <>
      <PageHead title="Roles" about="A role is a list of permissions. Members have a built-in role, and own roles beside it." />
      <Loaded of={roles}>{({ items }) => {
        const all = items.find((role) => role.role_id === 'OWNER')?.permissions ?? [];
        return (
          <>
            <Card title="Roles"><Lines>{items.map((role) => <RoleLine key={role.role_id} role={role} again={roles.again} edit={() => setEditing(role)} />)}</Lines></Card>
            {may('roles:write') && <Making key={editing?.role_id ?? ''} role={editing} all={all.filter(may)} done={() => { setEditing(null); roles.again(); }} />}
          </>
        );
      }}</Loaded>
    </>
  );
}

function RoleLine({ role, again, edit }: { role: RoleOut; again: () => void; edit: () => void }) {
  const { may } = useSession();
  const remove = async () => {
    if (!(await isSure(t('Archive the role {name}? Its members lose what it gives.', { name: role.name }), 'Archive'))) return;
    await ask('DELETE', `/v1/roles/${role.role_id}`);
    say('The role is archived.');
    again();
  };
  return (
    <Line what={<><Name>{role.name}</Name> {role.is_built_in && <Badge look="plain">Built in</Badge>}</>} small={(
      <><details><summary>{plural(role.permissions.length, { one: '{n} permission', other: '{n} permissions' })}</summary>{role.permissions.join(', ')}</details>{role.description}</>
    )}>
      {!role.is_built_in && may('roles:write') && (<><Button onPress={edit} label={t('Change {name}', { name: role.name })}>Change</Button><Button onPress={remove} label={t('Archive {name}', { name: role.name })}>Archive</Button></>)}
    </Line>
  );
}

function Making({ role, all, done }: { role: RoleOut | null; all: readonly string[]; done: () => void }) {
  return (
    <Card title={role ? t('Change {name}', { name: role.name }) : 'Create a role'}>
      <Form onSend={async ({ name, description }, form) => {
        const body = { name, description, permissions: checkedOf(form, 'permission') };
        await (role ? ask('PATCH', `/v1/roles/${role.role_id}`, body) : ask('POST', '/v1/roles', body));
        form.reset();
        say('The role is saved.');
        done();
      }}>
        <Row><Field name="name" label="Name" required maxLength={100} defaultValue={role?.name ?? ''} placeholder="Media buyer" /><Field name="description" label="What it is for" maxLength={500} defaultValue={role?.description ?? ''} /></Row>
        <fieldset><legend>Permissions</legend><div class="checks">{all.map((name) => <Check key={name} name="permission" value={name} label={name} checked={role?.permissions.includes(name) ?? false} />)}</div></fieldset>
        <Actions><Submit>{role ? 'Save the role' : 'Create the role'}</Submit></Actions>
      </Form>
    </Card>
  );
}
