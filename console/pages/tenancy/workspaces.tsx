// {"title": "Workspaces", "menu": "Organization", "order": 40, "needs": "workspaces:read", "words": "clients brands agency"}
/** Workspaces: the clients or brands of the organization, each with sites. */

import { useState } from 'preact/hooks';
import { DangerZone } from '../../parts/danger-zone';
import { GroupFields, Groups } from '../../parts/groups';
import { ask, askAll } from '../../shared/api';
import { useAsked } from '../../shared/asking';
import { Actions, Choice, Form, Submit } from '../../shared/form';
import { Card, Loaded } from '../../shared/pieces';
import { PageHead } from '../../shared/report';
import { useSession } from '../../shared/session';
import { say } from '../../shared/toast';
import { plural } from '../../shared/words';
import type { WorkspaceOut } from '../../types';

export default function Workspaces() {
  const { may, sites } = useSession();
  const workspaces = useAsked<WorkspaceOut[]>('workspaces', () => askAll('/v1/workspaces'));
  const sitesOf = (id: string) => sites.filter((site) => site.workspace_id === id).length;
  return (
    <>
      <PageHead title="Workspaces" about="A workspace is a client or a brand. Sites belong to one; its visibility does not hide its sites." />
      <Card><Loaded of={workspaces}>{(all) => (
        <Groups path="/v1/workspaces" kind="workspace" write="workspaces:write" again={workspaces.again}
          groups={all.map((one) => ({ ...one, id: one.workspace_id, about: plural(sitesOf(one.workspace_id), { one: '{n} site', other: '{n} sites' }) }))} />
      )}</Loaded></Card>
      {may('workspaces:write') && (
        <Card title="Create a workspace">
          <Form onSend={async (fields, form) => {
            await ask('POST', '/v1/workspaces', Object.fromEntries(Object.entries(fields).filter(([, value]) => value)));
            form.reset();
            say('The workspace is created.');
            workspaces.again();
          }}><GroupFields more={[['slug', 'Short name', 'Small letters, digits, hyphens. Empty: made of the name.']]} /><Actions><Submit>Create the workspace</Submit></Actions></Form>
        </Card>
      )}
      {may('deletions:write') && workspaces.answer && workspaces.answer.length > 0 && <Deleting workspaces={workspaces.answer} />}
    </>
  );
}

function Deleting({ workspaces }: { workspaces: readonly WorkspaceOut[] }) {
  const [id, setId] = useState('');
  const chosen = workspaces.find((one) => one.workspace_id === id);
  return (
    <>
      <Card title="Delete a workspace" about="It goes with its sites and everything of them.">
        <Choice name="" label="Workspace" value={id} onPick={setId} options={[['', 'Choose one'], ...workspaces.map((one) => [one.workspace_id, one.name] as const)]} />
      </Card>
      {chosen && <DangerZone key={id} kind="WORKSPACE" id={id} name={chosen.name} dueAt={chosen.deletion_due_at} />}
    </>
  );
}
