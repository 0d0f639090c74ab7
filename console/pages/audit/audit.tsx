// {"title": "Audit log", "menu": "Organization", "order": 60, "needs": "audit:read", "words": "who did what changes history security"}
/** Who did what to which thing, newest first; and a check that nothing was edited or removed. */

import { useState } from 'preact/hooks';
import { setParams, useAddress } from '../../shared/address';
import { ask, askAll, withParams } from '../../shared/api';
import { useAsked } from '../../shared/asking';
import { Badge, Button, Card, Empty, Name, Notice, When } from '../../shared/pieces';
import { Pages } from '../../shared/paged';
import { PageHead } from '../../shared/report';
import { useSession } from '../../shared/session';
import { count } from '../../shared/format';
import { isolated, t } from '../../shared/words';
import type { AuditEntryOut, ChainVerificationOut, MemberOut, VerificationOut } from '../../types';

export default function Audit() {
  const url = useAddress();
  const { may } = useSession();
  const members = useAsked<MemberOut[]>(may('members:read') ? 'members' : '', () => askAll('/v1/members'));
  const nameOf = (id: string) => {
    const member = members.answer?.find(({ user_id: own }) => own === id);
    return member?.name || member?.email || ACTORS[id] || id;
  };
  const [actor, entity] = [url.searchParams.get('actor') ?? '', url.searchParams.get('entity') ?? ''];
  return (
    <>
      <PageHead title="Audit log" about="Every change in the organization: by whom, to what, from where. Entries cannot be edited.">
        <Verify />
      </PageHead>
      <Card>
        <form class="data-tools wide" onSubmit={(event) => event.preventDefault()}>
          <input type="search" class="short-input" aria-label="By whom: an id of a person or key" placeholder="By whom (id)" value={actor} onChange={(event) => setParams({ actor: event.currentTarget.value })} />
          <input type="search" class="short-input" aria-label="To what: an id" placeholder="To what (id)" value={entity} onChange={(event) => setParams({ entity: event.currentTarget.value })} />
        </form>
        <Pages<AuditEntryOut> key={`${actor} ${entity}`} path={withParams('/v1/audit', { actor, entity })} empty={<Empty title="No entry"><p>Nothing was done, or nothing matches.</p></Empty>}>
          {(items) => <ul class="lines">{items.map((one) => <Entry key={`${one.context} ${one.sequence}`} one={one} nameOf={nameOf} />)}</ul>}
        </Pages>
      </Card>
    </>
  );
}

/** Those who are no member. */
const ACTORS: Record<string, string> = { operator: 'Whoever operates this Optiq' };

const shown = (value: unknown): string => (Array.isArray(value) ? value.join(', ') : value === null || value === '' ? '–' : String(value));

function Entry({ one, nameOf }: { one: AuditEntryOut; nameOf: (id: string) => string }) {
  const thing = one.after.name ?? one.before.name;
  const fields = [...new Set([...Object.keys(one.before), ...Object.keys(one.after)])];
  return (
    <li>
      <div class="what"><strong>{one.action.replaceAll('_', ' ').replace('.', ' ')}</strong> <Badge look="plain">{one.context}</Badge>
        <small><When at={one.occurred_at} /> by <button type="button" class="link" title={one.actor} onClick={() => setParams({ actor: one.actor })}><Name>{nameOf(one.actor)}</Name></button> to <button type="button" class="link" title={one.entity} onClick={() => setParams({ entity: one.entity })}><Name>{typeof thing === 'string' && thing ? thing : nameOf(one.entity)}</Name></button>
          {' '}{[one.origin.device, one.origin.place].filter(Boolean).map((text) => isolated(text ?? '')).join(', ')}</small>
        {fields.length > 0 && (
          <details><summary>What changed</summary>
            <div class="scroll" tabIndex={0} role="group" aria-label="What changed"><table><thead><tr><th scope="col">Field</th><th scope="col">Before</th><th scope="col">After</th></tr></thead>
              <tbody>{fields.map((field) => <tr key={field}><th scope="row">{field}</th><td>{shown(one.before[field] ?? null)}</td><td>{shown(one.after[field] ?? null)}</td></tr>)}</tbody></table></div>
          </details>
        )}
      </div>
    </li>
  );
}

function Verify() {
  const [found, setFound] = useState<VerificationOut | null>(null);
  const broken = (found?.chains ?? []).filter((chain: ChainVerificationOut) => chain.fault);
  return (
    <>
      <Button look="second short" onPress={async () => setFound(await ask<VerificationOut>('GET', '/v1/audit/verify'))}>Check that it is whole</Button>
      {found && (broken.length
        ? <Notice look="warn" role="alert">{broken.map((chain: ChainVerificationOut) => t('{context}: {fault}', { context: chain.context, fault: chain.fault })).join('; ')}</Notice>
        : <Notice look="good">{t('All {count} entries are whole.', { count: count((found.chains ?? []).reduce((sum: number, chain: ChainVerificationOut) => sum + chain.good_entries, 0)) })}</Notice>)}
    </>
  );
}
