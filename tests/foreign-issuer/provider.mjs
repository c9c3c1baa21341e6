// A real foreign provider (npm oidc-provider, certified by the OpenID Foundation) for tests/scenarios/foreign_issuer.rs.
//
//   node provider.mjs CERT.pem KEY.pem
//
// Prints its issuer as one line of text when it listens, and ends when its standard input does: it never outlives the
// test that started it.

import { randomBytes, generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import Provider from 'oidc-provider';

const [certificate, key] = process.argv.slice(2).map((path) => readFileSync(path));

const algorithms = {
  ES256: ['ec', { namedCurve: 'P-256' }],
  RS256: ['rsa', { modulusLength: 2048 }],
  PS256: ['rsa', { modulusLength: 2048 }],
  EdDSA: ['ed25519', {}],
};

function signingKey(alg) {
  const { privateKey } = generateKeyPairSync(...algorithms[alg]);
  return { ...privateKey.export({ format: 'jwk' }), kid: `key-${alg}`, alg, use: 'sig' };
}

// One resource server an algorithm, all with the audience of the gateway; and one that is another API.
const resources = new Map(Object.keys(algorithms).map((alg) => [
  `https://api.test/${alg}`,
  { audience: 'escale-api', alg },
]));
resources.set('https://other.test/', { audience: 'another-api', alg: 'ES256' });

const server = createServer({ cert: certificate, key });
server.listen(0, '127.0.0.1', () => {
  const issuer = `https://localhost:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{
      client_id: 'partner',
      client_secret: process.env.CLIENT_SECRET,
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
    }],
    cookies: { keys: [randomBytes(32).toString('hex')] },
    enabledJWA: { idTokenSigningAlgValues: Object.keys(algorithms) },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo(ctx, indicator) {
          const { audience, alg } = resources.get(indicator);
          return {
            audience,
            scope: 'tours:read tours:write bookings:read',
            accessTokenFormat: 'jwt',
            accessTokenTTL: 300,
            jwt: { sign: { alg } },
          };
        },
      },
    },
    jwks: { keys: Object.keys(algorithms).map(signingKey) },
    // As Keycloak names them.
    extraTokenClaims: () => ({ realm_access: { roles: ['traveller', 'admin'] } }),
  });
  server.on('request', provider.callback());
  process.stdout.write(`${issuer}\n`);
});

process.stdin.resume().on('end', () => process.exit(0));
