// {"title": "Deletions", "menu": "Organization", "order": 80, "needs": "deletions:read", "words": "delete remove erase proof cancel"}
/** What is being deleted, and the proof of what was. */

import { ask } from '../../shared/api';
import { NoOrganization } from '../../shared/beginnings';
import { useGet } from '../../shared/asking';
import { Badge, Button, Card, Empty, Facts, Loaded, When } from '../../shared/pieces';
import { PageHead } from '../../shared/report';
import { useSession } from '../../shared/session';
import { isSure, say } from '../../shared/toast';
import { t } from '../../shared/words';
import type { DeletionOut, DeletionsOut } from '../../types';

const STATUS: Record<DeletionOut['status'], readonly [text: string, look: string]> = {
  WAITING: ['Planned', 'warn'], RUNNING: ['Deleting', 'warn'], DONE: ['Deleted', 'good'], CANCELLED: ['Cancelled', 'plain'],
};
const KIND: Record<DeletionOut['kind'], string> = { SITE: 'Site', WORKSPACE: 'Workspace', ORGANIZATION: 'Organization', ACCOUNT: 'Account' };

export default function Deletions() {
  const { current } = useSession();
  const found = useGet<DeletionsOut>(current ? '/v1/deletions' : '');
  if (!current) return <NoOrganization />;
  return (
    <>
      <PageHead title="Deletions" about="Sites are deleted in their settings, workspaces and the organization on their pages." />
      <Loaded of={found}>{({ items }) => (items.length
        ? items.map((one) => <Shown key={one.deletion_id} one={one} again={found.again} />)
        : <Card><Empty title="Nothing was deleted"><p>What you delete is listed here, with its proof.</p></Empty></Card>)}</Loaded>
    </>
  );
}

function Shown({ one, again }: { one: DeletionOut; again: () => void }) {
  const { may, again: renew } = useSession();
  const [text, look] = STATUS[one.status];
  const deleted = listed(one.deleted);
  const kept = listed(one.kept);
  return (
    <Card title={`${KIND[one.kind]} ${one.name}`} aside={<Badge look={look}>{text}</Badge>}>
      <Facts facts={[
        ['Number', <code>{one.deletion_id}</code>], ['Asked for', <When at={one.asked_at} />], [one.status === 'WAITING' ? 'Begins' : 'Due', <When at={one.due_at} />],
        ...(one.ended_at ? [[one.status === 'DONE' ? 'Done' : 'Ended', <When at={one.ended_at} />] as const] : []),
        ...(deleted ? [['Deleted', deleted] as const] : []), ...(kept ? [['Stays', kept] as const] : []),
        ...(one.status === 'DONE' ? [['Found by a check afterwards', String(one.remaining)] as const] : []),
      ]} />
      {one.status === 'WAITING' && may('deletions:write') && (
        <div class="actions"><Button look="second" label={t('Cancel the deletion of {name}', { name: one.name })} onPress={async () => {
          if (!(await isSure(t('Keep {name}? It takes events again.', { name: one.name }), 'Keep it'))) return;
          await ask('DELETE', `/v1/deletions/${one.deletion_id}`);
          say('The deletion is cancelled.');
          again();
          await renew();
        }}>Cancel the deletion</Button></div>
      )}
    </Card>
  );
}

const listed = (counts: Record<string, number>): string => Object.entries(counts).map(([what, number]) => `${number} ${what}`).join(', ');
