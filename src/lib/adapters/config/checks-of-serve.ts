import { isTrue, parseListenAddress } from './fields.ts';
import { type Unplaced } from './problem.ts';
import { type FileForm } from './schema.ts';

/** What no value of `server:` and `metrics:` shows on its own. */
export function serveProblems({ server, metrics }: FileForm): Unplaced[] {
  return [
    ...tlsProblems(server.tls),
    ...(server.auth.mode === 'jwt' ? jwtProblems(server) : []),
    ...portProblems(server, metrics),
    ...pathProblems(metrics),
  ];
}

/** Of two that want one port the second one would end the service. Port 0 is another one each time. */
function portProblems(server: FileForm['server'], metrics: FileForm['metrics']): Unplaced[] {
  const port = parseListenAddress(server.listen)?.port;
  if (!isTrue(metrics.enabled) || metrics.port === null || port === undefined || port === 0) {
    return [];
  }
  if (Number(metrics.port) !== port) return [];
  return [
    {
      path: ['metrics', 'port'],
      message: 'is the port of server.listen',
      remedy: 'write another one, or null to serve metrics at the address of the server',
    },
  ];
}

/** Where something else is served, which metrics would be in the way of. */
const TAKEN = /^\/(?:(?:docs|api)(?:\/.*)?|(?:health|ready|version|openapi\.json)\/?)$/;

function pathProblems({ path }: FileForm['metrics']): Unplaced[] {
  if (!TAKEN.test(path)) return [];
  return [
    {
      path: ['metrics', 'path'],
      message: `is ${path}, where something else is served`,
      remedy: 'choose another path, such as /metrics',
    },
  ];
}

function tlsProblems({ cert_file: cert, key_file: key }: FileForm['server']['tls']): Unplaced[] {
  if ((cert === null) === (key === null)) return [];
  const missing = cert === null ? 'cert_file' : 'key_file';
  return [
    {
      path: ['server', 'tls'],
      message: `has no ${missing}`,
      remedy: 'name the files of the certificate and of its key, or neither',
    },
  ];
}

function jwtProblems({ auth: { jwt } }: FileForm['server']): Unplaced[] {
  const path = ['server', 'auth', 'jwt'];
  const problems: Unplaced[] = [];
  if (jwt.issuer === null) {
    problems.push({
      path: [...path, 'issuer'],
      message: 'is missing',
      remedy: 'write who issues the tokens, exactly as their claim iss says it',
    });
  }
  if ((jwt.jwks_url === null) === (jwt.jwks_file === null)) {
    problems.push({
      path,
      message: jwt.jwks_url === null ? 'names no keys' : 'names keys twice',
      remedy: 'write jwks_url or jwks_file, one of the two',
    });
  }
  return problems;
}
