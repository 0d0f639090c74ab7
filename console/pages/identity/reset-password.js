/** Choosing another password by a mail's link; the sign-in after it asks for the second factor as ever. */

import { ask } from './api.js';
import { byId, fragment } from './dom.js';
import { showBrokenLink } from './entry.js';
import { letPasswordsBeSeen, onSubmit } from './form.js';

const token = fragment('token');
onSubmit(byId('form'), async ({ password }) => {
  await ask('POST', '/v1/password/reset', { token, password });
  location.replace('/console/sign-in#done=password');
}, { 401: 'This link was used before, or is older than 30 minutes. Go back to the sign-in and ask for another.' });
letPasswordsBeSeen();
if (!token) showBrokenLink('Open it from your mail once more, or ask for another.', '/console/forgot-password', 'Ask for a link');
