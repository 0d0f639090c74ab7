/** Signs in with a link from a mail. Opening it does nothing yet, because mail programs open links before people do. */

import { ask } from './api.js';
import { byId, fragment } from './dom.js';
import { goOn, showBrokenLink } from './entry.js';
import { onSubmit } from './form.js';

const token = fragment('token');
onSubmit(byId('form'), async () => goOn(await ask('POST', '/v1/sign-in/magic-link/redeem', { token })), {
  401: 'This link was used already or has expired. Sign in another way, or ask for a new link.',
});
if (!token) showBrokenLink('Open it from your mail again, or ask for a new one.', '/console/sign-in', 'Sign in');
