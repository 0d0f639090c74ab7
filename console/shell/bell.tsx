/** The bell: how much a person has not read, and the latest of it. */

import { useEffect, useState } from 'preact/hooks';
import { go, hrefOf } from '../shared/address';
import { ask } from '../shared/api';
import { useGet } from '../shared/asking';
import { Badge, Popover, When } from '../shared/pieces';
import { useSession } from '../shared/session';
import { plural } from '../shared/words';
import type { InboxOut, NoticeOut } from '../types';

const EVERY_MS = 60_000;
/** The numbers of the page come first. */
const FIRST_MS = 2_000;
const LOOKS: Record<NoticeOut['severity'], string> = { INFO: 'plain', WARNING: 'warn', CRITICAL: 'bad' };

export function Bell() {
  const { current } = useSession();
  const [begun, begin] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => begin(true), FIRST_MS);
    return () => clearTimeout(timer);
  }, []);
  const inbox = useGet<InboxOut>(begun && current ? '/v1/inbox?limit=10' : '');
  useEffect(() => {
    const timer = setInterval(() => document.visibilityState === 'visible' && inbox.again(), EVERY_MS);
    return () => clearInterval(timer);
  }, [inbox.again]);
  const { items, unread: { total: unread, critical } } = inbox.answer ?? { items: [], unread: { total: 0, critical: 0 } };
  const open = async (notice: NoticeOut) => {
    if (!notice.read_at) await ask('POST', '/v1/inbox/read', { notice_ids: [notice.notice_id] });
    inbox.again();
    go(new URL(notice.url).pathname + new URL(notice.url).search);
  };
  const readAll = async () => {
    await ask('POST', '/v1/inbox/read', { notice_ids: items.filter(({ read_at: at }) => !at).map(({ notice_id: id }) => id) });
    inbox.again();
  };
  return (
    <Popover id="bell" look="icon-button" label={unread ? plural(unread, { one: '{n} unread notice', other: '{n} unread notices' }) : 'Notices'}
      opener={<><svg width="18" height="18" viewBox="0 0 20 20" aria-hidden="true"><path d="M10 3a5 5 0 0 0-5 5v3l-1.5 3h13L15 11V8a5 5 0 0 0-5-5zM8 16a2 2 0 0 0 4 0" fill="none" stroke="currentColor" stroke-width="1.5" /></svg>{unread > 0 && <span class={`bell-count ${critical > 0 ? 'bad' : ''}`} aria-hidden="true">{unread > 99 ? '99+' : unread}</span>}</>}>
      {items.length ? <ul class="lines bell-list">{items.map((one) => (
        <li key={one.notice_id}><div class="what"><a href={one.url} onClick={(event) => { event.preventDefault(); void open(one); }}>{one.title}</a><small><When at={one.created_at} /></small></div>
          {!one.read_at && <Badge look={LOOKS[one.severity]}>New</Badge>}</li>
      ))}</ul> : <p class="nothing">Nothing new. Alerts of your sites come here.</p>}
      <p class="small">{unread > 0 && <><button type="button" class="link" onClick={() => void readAll()}>Mark these as read</button> · </>}<a href={hrefOf('notifications')}>Choose your notifications</a></p>
    </Popover>
  );
}
