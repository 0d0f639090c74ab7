/** Two-factor sign-in: set up an app, confirm with a code, show the recovery codes once. */

import { useEffect, useRef, useState } from 'preact/hooks';
import { ask } from '../shared/api';
import { Actions, CurrentPassword, Field, Form, Submit, type Fields } from '../shared/form';
import { Badge, Card, Copy, FocusedHeading, Notice } from '../shared/pieces';
import { useSession } from '../shared/session';
import { say } from '../shared/toast';
import type { EnrolmentOut, RecoveryCodesOut } from '../types';

const CODE = { autocomplete: 'one-time-code', autocapitalize: 'characters', spellcheck: false, maxLength: 40, required: true } as const;
const WRONG_CODE = { 403: 'The code is wrong or expired. Wait for the next one, and check the phone’s clock.' };

type Shown = { step: 'state' } | { step: 'enrolling'; enrolment: EnrolmentOut } | { step: 'codes'; codes: string[]; notice: string };

/** `changed` is called when a change ended other sessions. */
export function TwoFactor({ changed }: { changed: () => Promise<void> }) {
  const { me } = useSession();
  const [shown, setShown] = useState<Shown>({ step: 'state' });
  const [on, setOn] = useState(me.two_factor);
  const showCodes = (codes: string[], notice: string) => setShown({ step: 'codes', codes, notice });
  return (
    <Card title="Two-factor sign-in">
      {shown.step === 'codes' && <Codes codes={shown.codes} notice={shown.notice} done={() => setShown({ step: 'state' })} />}
      {shown.step === 'enrolling' && <Enrolment enrolment={shown.enrolment} done={async (codes) => {
        setOn(true);
        showCodes(codes, 'Two-factor sign-in is on.');
        await changed();
      }} />}
      {shown.step === 'state' && on && <On showCodes={showCodes} turnedOff={async () => { setOn(false); await changed(); }} />}
      {shown.step === 'state' && !on && (
        <>
          <p class="soft">Signing in asks for a code from an app on your phone too. A stolen password alone is not enough.</p>
          <Form onSend={async ({ password = '' }) => setShown({ step: 'enrolling', enrolment: await ask<EnrolmentOut>('POST', '/v1/me/two-factor', { password }) })}>
            {me.has_password && <CurrentPassword />}
            <Actions><Submit>Set it up</Submit></Actions>
          </Form>
        </>
      )}
    </Card>
  );
}

function Enrolment({ enrolment, done }: { enrolment: EnrolmentOut; done: (codes: string[]) => Promise<void> }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => place.current?.querySelector('input')?.focus(), []);
  // An inline SVG as a file of its own.
  const picture = enrolment.qr_svg.replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" ');
  return (
    <div class="enrol" ref={place}>
      <img alt="QR code to set up the authenticator app" src={`data:image/svg+xml,${encodeURIComponent(picture)}`} />
      <div>
        <p>Scan the QR code with an authenticator app. Then enter the code from the app.</p>
        <p>No camera? Enter this key in the app: <code>{enrolment.secret.match(/.{1,4}/g)?.join(' ')}</code></p>
        <Form words={WRONG_CODE} onSend={async ({ code }) => done((await ask<RecoveryCodesOut>('POST', '/v1/me/two-factor/confirm', { code })).recovery_codes)}>
          <Field name="code" label="Code" {...CODE} inputMode="numeric" hint="The six digits in the app." />
          <Actions><Submit>Turn it on</Submit></Actions>
        </Form>
      </div>
    </div>
  );
}

function Codes({ codes, notice, done }: { codes: string[]; notice: string; done: () => void }) {
  const text = codes.join('\n');
  const address = useRef('');
  if (!address.current) address.current = URL.createObjectURL(new Blob([`${text}\n`], { type: 'text/plain' }));
  useEffect(() => () => URL.revokeObjectURL(address.current), []);
  return (
    <>
      <Notice look="good">{notice}</Notice>
      <FocusedHeading level={3}>Your recovery codes</FocusedHeading>
      <p>Use a code when you lose the app. Each works once. Save them now: they are not shown again.</p>
      <ul class="codes">{codes.map((code) => <li key={code}>{code}</li>)}</ul>
      <div class="actions">
        <button type="button" class="button" onClick={done}>I have saved them</button>
        <Copy text={text} what="recovery codes" />
        <a class="button second" href={address.current} download="optiq-recovery-codes.txt">Save as a file</a>
      </div>
    </>
  );
}

interface OnProps { showCodes: (codes: string[], notice: string) => void; turnedOff: () => Promise<void> }

function On({ showCodes, turnedOff }: OnProps) {
  return (
    <>
      <p><Badge>On</Badge> Signing in asks for a code from your app.</p>
      <details><summary>New recovery codes</summary>
        <Proof label="Create ten new codes" send={async (proof) => (
          showCodes((await ask<RecoveryCodesOut>('POST', '/v1/me/recovery-codes', proof)).recovery_codes, 'The old codes no longer work.')
        )} />
      </details>
      <details><summary>Turn it off</summary>
        <Proof label="Turn it off" look="bad" send={async (proof) => {
          await ask('POST', '/v1/me/two-factor/disable', proof);
          say('Two-factor sign-in is off. Every other device is signed out.');
          await turnedOff();
        }} />
      </details>
    </>
  );
}

function Proof({ label, look = '', send }: { label: string; look?: string; send: (proof: Fields) => Promise<void> }) {
  const { me } = useSession();
  return (
    <Form onSend={({ password = '', code = '' }) => send({ password, code })}>
      {me.has_password && <CurrentPassword />}
      <Field name="code" label="Code" {...CODE} hint="Six digits from the app, or a recovery code." />
      <Actions><Submit look={look}>{label}</Submit></Actions>
    </Form>
  );
}
