/** The lake of a site, a workspace or the organization as one ZIP, fetched piece by piece. */

import { useRef, useState } from 'preact/hooks';
import { ask, askBytes, withParams } from '../shared/api';
import { save } from '../shared/csv';
import { count } from '../shared/format';
import { Button } from '../shared/pieces';
import { useSession } from '../shared/session';
import { say } from '../shared/toast';
import { t } from '../shared/words';
import { zipOf, type Entry } from '../shared/zip';
import type { PieceOut, PiecesOut } from '../types';

const PATH = '/v1/warehouse';

interface Props { site?: string; workspace?: string; name: string }

export function DownloadData({ site, workspace, name }: Props) {
  const { may } = useSession();
  const [got, setGot] = useState<readonly [done: number, of: number] | null>(null);
  // What is fetched stays while the page is open: after a failure the next try goes on.
  const kept = useRef(new Map<string, Uint8Array<ArrayBuffer>>());
  if (!may('warehouse:manage')) return null;
  const whose = { site_id: site, workspace_id: workspace };
  const fetchAll = async () => {
    try {
      const { pieces } = await ask<PiecesOut>('GET', withParams(`${PATH}/pieces`, whose));
      const entries: Entry[] = [];
      for (const [place, piece] of pieces.entries()) {
        setGot([place, pieces.length]);
        const path = withParams(`${PATH}/piece`, { table: piece.table, first_day: piece.first_day, last_day: piece.last_day, ...whose });
        const content = kept.current.get(path) ?? await askBytes(path);
        kept.current.set(path, content);
        entries.push({ name: nameOf(piece), content });
      }
      save(`${name}.zip`, zipOf(entries));
      kept.current.clear();
      say(t('{count} files were downloaded.', { count: count(entries.length) }));
    } finally {
      setGot(null);
    }
  };
  return (
    <div class="actions">
      <Button look="second" onPress={fetchAll}>Download all data</Button>
      {got && <p class="soft small" role="status"><progress value={got[0]} max={got[1]} /> {t('{done} of {all} files', { done: count(got[0]), all: count(got[1]) })}</p>}
    </div>
  );
}

const nameOf = ({ table, first_day: first, last_day: last }: PieceOut): string => `${table}/${first}${first === last ? '' : `_${last}`}.parquet`;
