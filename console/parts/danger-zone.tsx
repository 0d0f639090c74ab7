/** Deleting a site, a workspace or the organization: what would go, a copy first, then the request with a proof of who asks. */

import { useState } from 'preact/hooks';
import { ask, withParams } from '../shared/api';
import { useGet } from '../shared/asking';
import { Actions, Field, Form, Row, Submit } from '../shared/form';
import { count } from '../shared/format';
import { Button, Card, Facts, Loaded, Notice, When } from '../shared/pieces';
import { useSession } from '../shared/session';
import { say } from '../shared/toast';
import { isolated, t } from '../shared/words';
import type { DeletionOut, PreviewOut } from '../types';
import { DownloadData } from './download-data';

type Kind = 'SITE' | 'WORKSPACE' | 'ORGANIZATION';
interface Props { kind: Kind; id: string; name: string; dueAt: string | null }

const WORDS: Record<Kind, string> = { SITE: 'site', WORKSPACE: 'workspace', ORGANIZATION: 'organization' };

export function DangerZone({ kind, id, name, dueAt }: Props) {
  const { may } = useSession();
  const [due, setDue] = useState(dueAt);
  const [open, setOpen] = useState(false);
  if (!may('deletions:write')) return null;
  if (due) {
    return (
      <Card title={t('Delete {name}', { name })} class="after-form">
        <Notice look="warn">Nothing is removed before <When at={due} />. Until then no events are taken. <a href="/console/deletions">See the deletion, or cancel it</a></Notice>
      </Card>
    );
  }
  return (
    <Card title={t('Delete this {what}', { what: WORDS[kind] })} class="after-form" about={kind === 'SITE'
      ? 'The site and everything of it goes for good: events, visits, conversions, reports, links.'
      : kind === 'WORKSPACE' ? 'The workspace and its sites go for good, with everything of them.' : 'The organization goes for good, with its sites, members, connections and data.'}>
      {open ? <Asking kind={kind} id={id} name={name} done={setDue} /> : (
        <div class="actions"><Button look="second" onPress={() => setOpen(true)}>See what would be deleted</Button></div>
      )}
    </Card>
  );
}

function Asking({ kind, id, name, done }: Omit<Props, 'dueAt'> & { done: (due: string) => void }) {
  const found = useGet<PreviewOut>(withParams('/v1/deletions/preview', { kind, target_id: id }));
  return <Loaded of={found} rows={6}>{(preview) => (<><Counts preview={preview} kind={kind} id={id} name={name} /><h3>{t('Delete the {what}', { what: WORDS[kind] })}</h3><Request kind={kind} id={id} name={name} done={done} /></>)}</Loaded>;
}

function Counts({ preview, kind, id, name }: Omit<Props, 'dueAt'> & { preview: PreviewOut }) {
  const counts = Object.entries(preview.counts);
  const kept = Object.entries(preview.keeps);
  return (
    <>
      <Facts facts={counts.map(([what, number]) => [isolated(what), count(number)] as const)} />
      {!preview.complete && <p class="soft small">There is more than could be counted now.</p>}
      {kept.length > 0 && <><h3>This stays</h3><Facts facts={kept.map(([what, why]) => [isolated(what), isolated(why)] as const)} /></>}
      <h3>Keep your data</h3>
      <p>{preview.copied_at && <>Your warehouse has a copy of <When at={preview.copied_at} />. </>}
        You can download events, visits, conversions, credits and costs as Parquet files in one ZIP. Settings are not in it.</p>
      <DownloadData name={name} {...(kind === 'SITE' ? { site: id } : kind === 'WORKSPACE' ? { workspace: id } : {})} />
    </>
  );
}

function Request({ kind, id, name, done }: Omit<Props, 'dueAt'> & { done: (due: string) => void }) {
  return (
    <Form onSend={async (fields) => {
      const asked = await ask<DeletionOut>('POST', '/v1/deletions', { kind, target_id: id, name: fields.name, password: fields.password ?? '', wait_days: Number(fields.wait_days) });
      done(asked.due_at);
      say('The deletion is planned. You can cancel it until it begins.');
    }}>
      <Row>
        <Field name="name" label={t('Write “{name}” to confirm', { name })} required maxLength={300} autocomplete="off" />
        <Field name="password" label="Your password" type="password" autocomplete="current-password" maxLength={1024} hint="Without a password: sign in again first." />
      </Row>
      <Field name="wait_days" label="Wait, in days" type="number" min={1} max={90} required defaultValue={14} hint="You can cancel meanwhile." />
      <Actions><Submit look="bad">{t('Delete the {what}', { what: WORDS[kind] })}</Submit></Actions>
    </Form>
  );
}
