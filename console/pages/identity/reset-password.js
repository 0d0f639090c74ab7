/** Sets a new password with a link from a mail. The next sign-in still asks for the second factor. */

import { ask } from './api.js';
import { byId, fragment } from './dom.js';
import { showBrokenLink } from './entry.js';
import { letPasswordsBeSeen, onSubmit } from './form.js';

const token = fragment('token');
onSubmit(byId('form'), async ({ password }) => {
  await ask('POST', '/v1/password/reset', { token, password });
  location.replace('/console/sign-in#done=password');
}, { 401: 'This link was used already or has expired. Go to the sign-in page and ask for a new one.' });
letPasswordsBeSeen();
if (!token) showBrokenLink('Open it from your mail again, or ask for a new one.', '/console/forgot-password', 'Ask for a link');
