/** Teams and workspaces: both have a name, a visibility, members with a role in them, and are archived, not deleted. */

import { useKept } from '../shared/address';
import { ask, askAll } from '../shared/api';
import { useAsked } from '../shared/asking';
import { Actions, Choice, Field, Form, Row, Submit } from '../shared/form';
import { Badge, Button, Card, Empty, Line, Lines, Loaded, Name } from '../shared/pieces';
import { useSession } from '../shared/session';
import { isSure, say } from '../shared/toast';
import { isolated, t } from '../shared/words';
import type { GroupMemberOut, MemberOut } from '../types';

export interface Group { id: string; name: string; about: string; visibility: string; version: number; archived_at: string | null }

const VISIBILITY: Record<string, string> = { PUBLIC: 'Everybody sees it', PRIVATE: 'Everybody sees its name', SECRET: 'Only its members see it' };
export const VISIBILITIES = Object.entries(VISIBILITY);

interface Props { path: string; kind: 'team' | 'workspace'; write: string; groups: readonly Group[]; again: () => void }

export function Groups({ path, kind, write, groups, again }: Props) {
  const [open, setOpen] = useKept('open');
  const { may } = useSession();
  if (!groups.length) return <Empty title={kind === 'team' ? 'No team yet' : 'No workspace yet'}><p>{kind === 'team' ? 'A team is a group of members.' : 'A workspace is a client or brand with sites of its own.'}</p></Empty>;
  return (
    <Lines>{groups.map((one) => [
      <Line key={one.id} what={<><Name>{one.name}</Name> {one.archived_at && <Badge look="plain">Archived</Badge>}</>} small={[isolated(one.about), VISIBILITY[one.visibility]].filter(Boolean).join(' · ')}>
        <Button onPress={() => setOpen(open === one.id ? '' : one.id)} label={t('Members of {name}', { name: one.name })}>Members</Button>
        {may(write) && <Button label={t('Archive {name}', { name: one.name })} onPress={async () => {
          if (!(await isSure(t('Archive {name}? It leaves the lists and can be restored.', { name: one.name }), 'Archive'))) return;
          await ask('PATCH', `${path}/${one.id}`, { archived: true, version: one.version });
          say(t('{name} is archived.', { name: one.name }));
          again();
        }}>Archive</Button>}
      </Line>,
      open === one.id && <li key={`${one.id} members`}><GroupMembers path={`${path}/${one.id}/members`} mayWrite={may(write)} /></li>,
    ])}</Lines>
  );
}

function GroupMembers({ path, mayWrite }: { path: string; mayWrite: boolean }) {
  const members = useAsked<GroupMemberOut[]>(path, () => askAll(path));
  const all = useAsked<MemberOut[]>('members', () => askAll('/v1/members'));
  const nameOf = (id: string) => {
    const found = all.answer?.find((member) => member.user_id === id);
    return found?.name || found?.email || id;
  };
  const put = async (id: string, role: string) => {
    await ask('PUT', `${path}/${id}`, { role });
    members.again();
  };
  return (
    <Card title="Its members">
      <Loaded of={members}>{(listed) => {
        const others = (all.answer ?? []).filter((member) => !listed.some((each) => each.user_id === member.user_id));
        return (
          <>
            <Lines>{listed.map((one) => (
              <Line key={one.user_id} what={nameOf(one.user_id)} small={one.role === 'MANAGER' ? 'Manager' : 'Member'}>
                {mayWrite && <Button label={t('Take out {name}', { name: nameOf(one.user_id) })} onPress={async () => {
                  await ask('DELETE', `${path}/${one.user_id}`);
                  members.again();
                }}>Take out</Button>}
              </Line>
            ))}</Lines>
            {mayWrite && others.length > 0 && (
              <Form onSend={({ user = '', role = '' }) => put(user, role)}>
                <Row>
                  <Choice name="user" label="Add a member" options={others.map((member) => [member.user_id, member.name || member.email || member.user_id] as const)} />
                  <Choice name="role" label="As" options={[['MEMBER', 'Member'], ['MANAGER', 'Manager']]} />
                </Row>
                <Actions><Submit look="second">Add</Submit></Actions>
              </Form>
            )}
          </>
        );
      }}</Loaded>
    </Card>
  );
}

/** The name and visibility of a new group. */
export const GroupFields = ({ more }: { more: readonly (readonly [name: string, label: string, hint: string])[] }) => (
  <Row>
    <Field name="name" label="Name" required maxLength={100} />
    {more.map(([name, label, hint]) => <Field key={name} name={name} label={label} hint={hint} maxLength={500} />)}
    <Choice name="visibility" label="Who sees it" options={VISIBILITIES.map(([value, text]) => [value, text] as const)} />
  </Row>
);
