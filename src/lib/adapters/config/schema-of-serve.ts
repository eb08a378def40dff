import { z } from 'zod';
import { AUTH_MODES, JWT_ALGORITHMS, ROLES } from '../../core/serve/settings.ts';
import {
  absent,
  address,
  count,
  duration,
  flag,
  host,
  httpsUrl,
  network,
  origin,
  port,
  span,
  text,
  urlPath,
} from './fields.ts';

/* What `serve` goes by, as it is written. */

const jwt = z.strictObject({
  issuer: absent(text()).describe(
    'Who has to have issued a token, exactly as its claim iss says it',
  ),
  audience: text()
    .default('truenas-monitor')
    .describe('For whom a token has to be made, as its claim aud says it'),
  jwks_url: absent(httpsUrl()).describe('Address of the keys of the issuer'),
  jwks_file: absent(text()).describe(
    'File that holds the keys of the issuer, in place of an address',
  ),
  algorithms: z
    .array(z.enum(JWT_ALGORITHMS))
    .min(1)
    .default(['RS256', 'ES256', 'EdDSA'])
    .describe('Signatures that are accepted'),
  clock_tolerance: duration()
    .default('30s')
    .describe('How far the clock of the issuer may be from ours'),
  roles_claim: text()
    .default('roles')
    .describe('Claim that holds the roles: a name, or names with dots between them'),
  namespaces_claim: absent(text()).describe(
    'Claim that holds the namespaces a caller is limited to; default: every caller sees all',
  ),
  roles: z
    .record(z.string(), z.enum(ROLES))
    .default({})
    .describe(`What values of that claim mean: ${ROLES.join(', ')}; these words mean themselves`),
});

/** How much `serve` says; the words are those of --log-level. */
const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;

export const server = z.strictObject({
  listen: address()
    .default('127.0.0.1:8080')
    .describe('Address and port to serve at; 0.0.0.0:8080 for every address'),
  tls: z
    .strictObject({
      cert_file: absent(text()).describe('PEM file with the certificate and its chain'),
      key_file: absent(text()).describe('PEM file with its key'),
    })
    .prefault({})
    .describe('Certificate to serve with; it is read again when it changes'),
  auth: z
    .strictObject({
      mode: z
        .enum(AUTH_MODES)
        .default('auto')
        .describe('auto lets everybody read on loopback and asks Kubernetes elsewhere'),
      audience: absent(text()).describe(
        'Audience that tokens of Kubernetes have to be made for; default: that of its API',
      ),
      jwt: jwt.prefault({}).describe('Tokens of an identity provider'),
    })
    .prefault({})
    .describe('Who may ask'),
  log_level: z
    .enum(LOG_LEVELS)
    .default('info')
    .describe(
      'Least importance of what is logged, unless --log-level says it; read again on SIGHUP',
    ),
  rate_limit: z
    .strictObject({
      max: count().default(600).describe('Requests one client may make in that time'),
      window: span().default('1m').describe('The time'),
    })
    .prefault({})
    .describe('How much one client may ask'),
  hosts: z
    .array(host())
    .default([])
    .describe('Names it may be addressed by without a token, beside those of loopback'),
  origins: z
    .array(origin())
    .default([])
    .describe('Origins of pages that may open the stream of events, beside its own'),
  trusted_proxies: z
    .array(network())
    .default([])
    .describe('Addresses or networks of proxies whose X-Forwarded-For is believed'),
  allow_apply: flag()
    .default(false)
    .describe('Whether approved clean-up plans may be carried out through the API'),
  max_event_clients: count().default(200).describe('Streams of events that may be open at once'),
});

export const metrics = z.strictObject({
  enabled: flag().default(true).describe('Whether metrics are served'),
  listen: text().default('127.0.0.1').describe('Address of a port of their own'),
  port: absentPort().describe('That port; null serves them at the address of the server alone'),
  path: urlPath().default('/metrics').describe('Path they are served at'),
  per_volume: flag()
    .default(false)
    .describe('Series for each volume: as many as there are, so mind your Prometheus'),
  max_volumes: count().default(1000).describe('Volumes that get series of their own at most'),
  auth: z
    .enum(['auto', 'none'])
    .default('auto')
    .describe('auto asks for a token off loopback, none lets everybody read them'),
});

function absentPort(): z.ZodDefault<z.ZodNullable<ReturnType<typeof port>>> {
  return port().nullable().default(9105);
}
