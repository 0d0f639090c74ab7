/** Asking for a link to choose another password. */

import { ask } from './api.js';
import { byId } from './dom.js';
import { showMailSent } from './entry.js';
import { onSubmit } from './form.js';

onSubmit(byId('form'), async ({ email }) => {
  await ask('POST', '/v1/password/reset-request', { email });
  showMailSent(email, 'Its link lets you choose another password, once, for 30 minutes.');
});
