/** Events by workspace and by ingestion token, of a month or of an invoice's line; each list has the same sum. */

import { count } from '../shared/format';
import { useSession } from '../shared/session';
import { isolated, t } from '../shared/words';
import type { UsageOut } from '../types';

type Parts = Pick<UsageOut, 'workspaces' | 'tokens'>;

export function MoreParts({ of }: { of: Parts }) {
  const { sites } = useSession();
  const byWorkspace = of.workspaces.length > 1 || Boolean(of.workspaces[0]?.workspace_id);
  const byToken = of.tokens.length > 1 || Boolean(of.tokens[0]?.token_id);
  const namesOf = (workspace: string) => sites.filter(({ workspace_id }) => workspace_id === workspace).map(({ name }) => name).join(', ');
  return (
    <>
      {byWorkspace && <List title="By workspace" parts={of.workspaces.map(({ workspace_id, events }) => [workspace_id ? namesOf(workspace_id) || workspace_id : t('In no workspace'), events])} />}
      {byToken && <List title="By ingestion token" parts={of.tokens.map(({ token_id, events }) => [token_id || t('From pages, without a token'), events])} />}
    </>
  );
}

const List = ({ title, parts }: { title: string; parts: readonly (readonly [string, number])[] }) => (
  <details>
    <summary>{t(title)}</summary>
    <ul class="small">{parts.map(([name, events]) => <li key={name}>{isolated(name)}: {count(events)}</li>)}</ul>
  </details>
);
