/** Asking for an account: whether the address has one already is said in the mail only. */

import { ask } from './api.js';
import { byId } from './dom.js';
import { showMailSent } from './entry.js';
import { letPasswordsBeSeen, onSubmit } from './form.js';

onSubmit(byId('form'), async ({ name, email, password }) => {
  await ask('POST', '/v1/sign-up', { name, email, password });
  showMailSent(email, 'Its link is good for 24 hours. Keep the password in mind: you need it once more.');
});
letPasswordsBeSeen();
