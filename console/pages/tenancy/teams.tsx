// {"title": "Teams", "menu": "Organization", "order": 30, "needs": "teams:read", "words": "groups members"}
/** Teams of the organization and who is in them. */

import { GroupFields, Groups } from '../../parts/groups';
import { ask, askAll } from '../../shared/api';
import { useAsked } from '../../shared/asking';
import { Actions, Form, Submit } from '../../shared/form';
import { Card, Loaded } from '../../shared/pieces';
import { PageHead } from '../../shared/report';
import { useSession } from '../../shared/session';
import { say } from '../../shared/toast';
import type { TeamOut } from '../../types';

export default function Teams() {
  const { may } = useSession();
  const teams = useAsked<TeamOut[]>('teams', () => askAll('/v1/teams'));
  return (
    <>
      <PageHead title="Teams" about="A team is a group of members. It can be invited into, and hidden from others." />
      <Card><Loaded of={teams}>{(all) => (
        <Groups path="/v1/teams" kind="team" write="teams:write" again={teams.again} groups={all.map((one) => ({ ...one, id: one.team_id, about: one.description }))} />
      )}</Loaded></Card>
      {may('teams:write') && (
        <Card title="Create a team">
          <Form onSend={async (fields, form) => {
            await ask('POST', '/v1/teams', fields);
            form.reset();
            say('The team is created.');
            teams.again();
          }}><GroupFields more={[['description', 'What it does', '']]} /><Actions><Submit>Create the team</Submit></Actions></Form>
        </Card>
      )}
    </>
  );
}
