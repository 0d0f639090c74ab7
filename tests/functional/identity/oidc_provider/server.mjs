// node-oidc-provider, a certified OpenID provider that shares no code with Optiq or authlib; started by test_another_provider.py.
import { createRequire } from 'node:module';
import { join } from 'node:path';
const require = createRequire(join(process.argv[2], 'package.json'));
const { Provider } = require('oidc-provider');

const port = Number(process.argv[3]);
const callback = process.argv[4];
const people = {
  'ann@shop.example': { email: 'ann@shop.example', email_verified: true, name: 'Ann Example' },
  'eve@shop.example': { email: 'eve@shop.example', email_verified: false, name: 'Eve' },
};
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{ client_id: 'optiq-client', client_secret: 'optiq-client-secret', redirect_uris: [callback] }],
  claims: { email: ['email', 'email_verified'], profile: ['name'] },
  // As Google does: the ID token itself has the e-mail.
  conformIdTokenClaims: false,
  pkce: { required: () => true, methods: ['S256'] },
  findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: `subject-of-${id}`, ...people[id] }) }),
});
provider.listen(port, '127.0.0.1', () => console.log('ready'));
