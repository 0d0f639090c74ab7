/** Asks for an account. Only the mail shows whether the address has one already. */

import { ask } from './api.js';
import { byId } from './dom.js';
import { showMailSent } from './entry.js';
import { letPasswordsBeSeen, onSubmit } from './form.js';

onSubmit(byId('form'), async ({ name, email, password }) => {
  await ask('POST', '/v1/sign-up', { name, email, password });
  showMailSent(email, 'Its link expires after 24 hours. Remember the password: you need it once more.');
});
letPasswordsBeSeen();
