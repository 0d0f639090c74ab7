/** Asks for a link to reset the password. */

import { ask } from './api.js';
import { byId } from './dom.js';
import { showMailSent } from './entry.js';
import { onSubmit } from './form.js';

onSubmit(byId('form'), async ({ email }) => {
  await ask('POST', '/v1/password/reset-request', { email });
  showMailSent(email, 'Its link expires after 30 minutes and can be used once.');
});
