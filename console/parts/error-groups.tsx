/** Groups of errors: a list, and one with its stack and last occurrences. For a site, and for Optiq itself. */

import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { hrefOf, useKept } from '../shared/address';
import { ask, withParams } from '../shared/api';
import { useGet } from '../shared/asking';
import { count } from '../shared/format';
import { Pages } from '../shared/paged';
import { Pick } from '../shared/pick';
import { Badge, Button, Card, Empty, Facts, Line, Lines, Loaded, Name, When } from '../shared/pieces';
import { say } from '../shared/toast';
import { plural, t } from '../shared/words';
import type { ErrorOut, ErrorSummaryOut } from '../types';

const STATES = [['', 'Open'], ['RESOLVED', 'Resolved']] as const;

interface Props {
  /** The route of the list. */
  path: string;
  /** The page that shows it. */
  page: string;
  mayResolve: boolean;
  /** What to do where there is no error. */
  empty: ComponentChildren;
  /** What stands beside one error. */
  beside?: (issue: ErrorOut) => ComponentChildren;
}

export function ErrorGroups({ path, page, mayResolve, empty, beside }: Props) {
  const [chosen] = useKept('error');
  const [status, setState] = useKept('status');
  const [round, setRound] = useState(0);
  return (
    <>
      {chosen && <One key={chosen} path={`${path}/${encodeURIComponent(chosen)}`} page={page} mayResolve={mayResolve} beside={beside} changed={() => setRound(round + 1)} />}
      <Card title="All errors" aside={<Pick name="State" value={status} options={STATES} onPick={setState} />}>
        <Pages<ErrorSummaryOut> key={`${path} ${status} ${round}`} path={withParams(path, { status: status || 'OPEN' })}
          empty={status ? <Empty title="No resolved error"><p>An error that you resolve stands here for 30 days.</p></Empty> : empty}>{(items) => (
          <Lines>{items.map((one) => <Group key={one.issue_id} one={one} page={page} isChosen={one.issue_id === chosen} />)}</Lines>
        )}</Pages>
      </Card>
    </>
  );
}

const place = (one: ErrorSummaryOut): string => (one.source_file ? t('{function} in {file}, line {line}', { function: one.caller_name, file: one.source_file, line: String(one.source_line) }) : one.route);

const Group = ({ one, page, isChosen }: { one: ErrorSummaryOut; page: string; isChosen: boolean }) => (
  <Line what={<>{one.regressed && <><Badge look="bad">Back</Badge> </>}{isChosen ? <Name>{one.title}</Name> : <a href={hrefOf(page, { error: one.issue_id })}><Name>{one.title}</Name></a>}</>}
    small={<>
      {plural(one.count, { one: '{n} time', other: '{n} times' })}, last <When at={one.last_seen_at} />, first <When at={one.first_seen_at} />
      {place(one) && <>; <Name>{place(one)}</Name></>}
    </>} />
);

function One({ path, page, mayResolve, beside, changed }: { path: string; page: string; mayResolve: boolean; beside: Props['beside']; changed: () => void }) {
  const found = useGet<ErrorOut>(path);
  const change = (one: ErrorOut, status: 'OPEN' | 'RESOLVED', said: string) => async () => {
    await ask('PATCH', path, { status, version: one.version });
    say(said);
    found.again();
    changed();
  };
  return (
    <Loaded of={found} rows={8} tall>{(one) => (
      <Card title={one.title} aside={<a href={hrefOf(page)}>Close</a>}>
        {one.regressed && <p><Badge look="bad">Back</Badge> It happened again after somebody resolved it.</p>}
        <Facts facts={[
          ['Times', count(one.count)], ['First', <When at={one.first_seen_at} />], ['Last', <When at={one.last_seen_at} />],
          ['Where', <Name>{place(one) || '–'}</Name>], ['Route or page', <Name>{one.route || '–'}</Name>],
          ['Release', <Name>{one.first_release === one.release ? one.release || '–' : `${one.first_release || '–'} … ${one.release || '–'}`}</Name>],
        ]} />
        {beside?.(one)}
        {one.stack.length > 0 && <Stack stack={one.stack} />}
        <h3>Last times</h3>
        <Lines>{one.recent.map((each) => (
          <Line key={each.error_id} what={<><When at={each.occurred_at} />: <Name>{each.message || '–'}</Name></>}
            small={<Name>{[each.release, each.route, each.user_id && t('user {id}', { id: each.user_id.slice(0, 8) })].filter(Boolean).join(', ') || '–'}</Name>} />
        ))}</Lines>
        {mayResolve && (one.status === 'OPEN'
          ? <Button look="second" onPress={change(one, 'RESOLVED', 'The error is resolved. You are told if it comes back.')}>Resolve</Button>
          : <Button look="second" onPress={change(one, 'OPEN', 'The error is open again.')}>Open again</Button>)}
      </Card>
    )}</Loaded>
  );
}

/** The innermost call first, as people look for it. */
const Stack = ({ stack }: { stack: ErrorOut['stack'] }) => (
  <>
    <h3>Calls, the innermost first</h3>
    <ol class="calls">{[...stack].reverse().map((frame, number) => (
      <li key={number} class={frame.in_app ? '' : 'soft'}>
        <code><Name>{`${frame.function} (${frame.file}:${frame.line})`}</Name></code>
        {frame.code && <pre><Name>{frame.code}</Name></pre>}
        {Object.keys(frame.variables).length > 0 && (
          <details><summary>Variables</summary><Facts facts={Object.entries(frame.variables).map(([name, value]) => [name, <Name>{String(value)}</Name>])} /></details>
        )}
      </li>
    ))}</ol>
  </>
);
