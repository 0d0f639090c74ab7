/** Creates the account of a sign-up, with the mail's link and the password of the sign-up. */

import { ask } from './api.js';
import { byId, fragment } from './dom.js';
import { goOn, showBrokenLink } from './entry.js';
import { letPasswordsBeSeen, onSubmit } from './form.js';

const token = fragment('token');
onSubmit(byId('form'), async ({ password }) => goOn(await ask('POST', '/v1/verify-email', { token, password })), {
  401: 'The password is wrong, or the link was used or has expired. Try again, or sign up again.',
});
letPasswordsBeSeen();
if (!token) showBrokenLink('Open it from your mail again, or sign up again.', '/console/sign-up', 'Sign up');
