/** What pages before the sign-in show in place of their form. */

import { FocusedHeading } from './pieces';
import type { ComponentChildren } from 'preact';

/** "Check your mail". */
export const MailSent = ({ email, hint }: { email: string; hint: string }) => (
  <>
    <FocusedHeading>Check your mail</FocusedHeading>
    <p>A mail is on its way to <strong>{email}</strong>. {hint}</p>
    <p class="soft small">It may take a minute. No mail? Check the spam folder and the address.</p>
    <p class="below"><a href="/console/sign-in">Back to sign in</a></p>
  </>
);

/** A page that was opened without its token. */
export const BrokenLink = ({ children, href, action }: { children: ComponentChildren; href: string; action: string }) => (
  <>
    <FocusedHeading>This link is not complete</FocusedHeading>
    <p>{children}</p>
    <a class="button full" href={href}>{action}</a>
  </>
);
