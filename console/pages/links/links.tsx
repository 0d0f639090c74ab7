// {"title": "Tracked links", "menu": "Marketing", "order": 10, "site": true, "params": {"link": []}, "words": "short links UTM QR code clicks"}
/** Tracked links of a site: a form to create one, a list, QR codes, and the numbers of each link. */

import { useState } from 'preact/hooks';
import { useKept } from '../../shared/address';
import { ask } from '../../shared/api';
import { useGet } from '../../shared/asking';
import { Actions, Field, Form, Row, Submit } from '../../shared/form';
import { count, money } from '../../shared/format';
import { modelTitle } from '../../shared/models';
import { Badge, Button, Card, Copy, Empty, Facts, Line, Lines, Loaded, Name, When } from '../../shared/pieces';
import { Pages } from '../../shared/paged';
import { PageHead } from '../../shared/report';
import { useSession } from '../../shared/session';
import { isSure, say } from '../../shared/toast';
import { useView } from '../../shared/view';
import { t } from '../../shared/words';
import type { LinkOut, LinkReportOut } from '../../types';

const TAKEN = { 409: 'This short name is taken. Choose another.' };

export default function Links() {
  const { site } = useView();
  const { may } = useSession();
  const path = `/v1/sites/${site.site_id}/links`;
  const [round, setRound] = useState(0);
  return (
    <>
      <PageHead title="Tracked links" about="Short links for posters, mails and partners. Each counts its clicks and shows what it earned." />
      <Card title="Links">
        <Pages<LinkOut> key={round} path={path} empty={<Empty title="No link yet"><p>Create one for a poster, a mail or a partner, and see what it earns.</p></Empty>}>{(items, again) => (
          <Lines>{items.map((link) => <LinkLine key={link.link_id} link={link} path={path} again={again} />)}</Lines>
        )}</Pages>
      </Card>
      {may('links:write') && <Making path={path} again={() => setRound(round + 1)} />}
    </>
  );
}

function Making({ path, again }: { path: string; again: () => void }) {
  const send = async (fields: Record<string, string>, form: HTMLFormElement) => {
    const given = Object.entries(fields).filter(([, value]) => value !== '');
    await ask('POST', path, Object.fromEntries(given.map(([name, value]) => [name, name === 'max_clicks' ? Number(value) : value])));
    form.reset();
    say('The link is created.');
    again();
  };
  return (
    <Card title="Create a link">
      <Form words={TAKEN} onSend={send}>
        <Row>
          <Field name="path" label="Short name" required maxLength={100} autocomplete="off" placeholder="spring" hint="The last part of the address: letters, digits, - and _." />
          <Field name="target" label="Leads to" type="url" required maxLength={2000} placeholder="https://" hint="The page that people see." />
        </Row>
        <Row>
          <Field name="label" label="Label" maxLength={200} placeholder="Poster at the station" />
          <Field name="max_clicks" label="Ends after clicks" type="number" min={1} hint="Leave empty for no limit." />
        </Row>
        <Row>
          <Field name="utm_source" label="Source" maxLength={200} placeholder="poster" />
          <Field name="utm_medium" label="Medium" maxLength={200} placeholder="print" />
          <Field name="utm_campaign" label="Campaign" maxLength={200} placeholder="spring" />
        </Row>
        <Actions><Submit>Create the link</Submit></Actions>
      </Form>
    </Card>
  );
}

function LinkLine({ link, path, again }: { link: LinkOut; path: string; again: () => void }) {
  const { may } = useSession();
  const [shown, show] = useKept('link');
  const open = shown === link.link_id;
  const own = `${path}/${link.link_id}`;
  const turn = async () => {
    if (link.active && !(await isSure(t('Turn {path} off? People who open it see that it has ended.', { path: link.path }), 'Turn off'))) return;
    await ask('PATCH', own, { active: !link.active, version: link.version });
    say(link.active ? 'The link is off.' : 'The link is on.');
    again();
  };
  return (
    <>
      <Line what={<><a href={link.address}>{link.address.replace(/^https?:\/\//, '')}</a> {!link.active && <Badge look="bad">Off</Badge>}</>}
        small={<>{link.label && <><Name>{link.label}</Name>; </>}leads to <Name>{link.target}</Name>, created <When at={link.created_at} /></>}>
        <Button onPress={() => show(open ? '' : link.link_id)} label={t('Numbers of {path}', { path: link.path })}>Numbers</Button>
        <Copy text={link.address} what="address" look="second short" />
        <a class="button second short" href={`${own}/qr.svg`} download={`${link.path}.svg`}>QR code</a>
        {may('links:write') && (
          <Button onPress={turn} label={link.active ? t('Turn off {path}', { path: link.path }) : t('Turn on {path}', { path: link.path })}>{link.active ? 'Turn off' : 'Turn on'}</Button>
        )}
      </Line>
      {open && <li class="numbers"><Numbers own={own} /></li>}
    </>
  );
}

function Numbers({ own }: { own: string }) {
  const report = useGet<LinkReportOut>(`${own}/report`);
  return (
    <Loaded of={report}>{({ clicks, visitors, currency, earned }) => (
      <>
        <Facts facts={[
          ['Clicks by people', count(clicks.human)], ['QR code scans', count(clicks.qr)], ['Robots and previews', count(clicks.other)], ['Visitors', count(visitors)],
        ]} />
        <table>
          <caption class="small soft">Credit of the link under each model</caption>
          <thead><tr><th scope="col">Model</th><th scope="col" class="number">Conversions</th><th scope="col" class="number">Revenue</th></tr></thead>
          <tbody>{earned.map((one) => (
            <tr key={one.model}><th scope="row">{modelTitle(one.model)}</th><td class="number">{count(one.conversions)}</td><td class="number">{money(one.revenue_micros, currency)}</td></tr>
          ))}</tbody>
        </table>
      </>
    )}</Loaded>
  );
}
