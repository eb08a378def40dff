import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  InsecureTransportError,
  MonitorError,
  TrueNasAuthError,
  TrueNasUnreachableError,
} from '../../../src/lib/core/model/errors.ts';
import {
  fault,
  type FakeNas,
  type LogLine,
  open,
  patient,
  RpcFault,
  SECRET,
  startFake,
} from './fake-nas.ts';

async function refusalOf(
  nas: FakeNas,
  options: Parameters<typeof open>[1] = {},
): Promise<MonitorError> {
  const reader = await open(nas.url, options);
  const error: unknown = await reader.identify(patient()).catch((cause: unknown) => cause);
  if (!(error instanceof MonitorError)) throw new Error('expected a refusal', { cause: error });
  return error;
}

describe('a login', () => {
  it('sends the key with its user name, after the options of the connection', async () => {
    const sent: unknown[] = [];
    const nas = await startFake({
      methods: {
        'auth.login_ex': (params) => {
          sent.push(params);
          return { response_type: 'SUCCESS' };
        },
      },
    });
    const reader = await open(nas.url);
    await reader.identify(patient());
    expect(nas.calls.slice(0, 3)).toEqual([
      'GET /api/versions',
      'core.set_options',
      'auth.login_ex',
    ]);
    expect(sent).toEqual([[{ mechanism: 'API_KEY_PLAIN', username: 'monitor', api_key: SECRET }]]);
  });

  it('sends the key alone where there is no user name', async () => {
    const nas = await startFake();
    const reader = await open(nas.url, { username: null });
    await reader.identify(patient());
    expect(nas.calls).toContain('auth.login_with_api_key');
  });

  it('sends a password where there is no key', async () => {
    const sent: unknown[] = [];
    const nas = await startFake({
      methods: {
        'auth.login_ex': (params) => {
          sent.push(params);
          return { response_type: 'SUCCESS' };
        },
      },
    });
    const reader = await open(nas.url, { apiKey: null, password: 'hunter2' });
    await reader.identify(patient());
    expect(sent).toEqual([
      [{ mechanism: 'PASSWORD_PLAIN', username: 'monitor', password: 'hunter2' }],
    ]);
  });

  it('happens once for all lists of a run', async () => {
    const nas = await startFake({
      methods: { 'sharing.nfs.query': () => [], 'iscsi.target.query': () => [] },
    });
    const reader = await open(nas.url);
    await Promise.all([
      reader.identify(patient()),
      reader.list('nfsShares', patient()),
      reader.list('iscsiTargets', patient()),
    ]);
    expect(nas.calls.filter((call) => call.startsWith('auth.'))).toEqual(['auth.login_ex']);
    expect(nas.connections()).toBe(1);
  });

  it.each([
    ['AUTH_ERR', /wrong or revoked/, /api_key/],
    ['EXPIRED', /expired or was revoked/, /Create a new API key/],
    ['OTP_REQUIRED', /one-time password/, /Use an API key/],
    ['DENIED', /may not use the API/, /READONLY_ADMIN/],
    ['SOMETHING_NEW', /SOMETHING_NEW/, /username/],
  ])('answered %s is one clear error, and is not tried again', async (type, message, remedy) => {
    const nas = await startFake({ methods: { 'auth.login_ex': () => ({ response_type: type }) } });
    const reader = await open(nas.url);
    await expect(reader.identify(patient())).rejects.toThrow(message);
    const listing = await reader.list('nfsShares', patient());
    expect(listing.coverage.state).toBe('failed');
    const error: unknown = await reader.identify(patient()).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(TrueNasAuthError);
    expect(String((error as TrueNasAuthError).remediation)).toMatch(remedy);
    expect(nas.calls.filter((call) => call === 'auth.login_ex')).toHaveLength(1);
  });

  it('with a key alone needs a user name where the system no longer takes it so', async () => {
    const gone = () => {
      throw new RpcFault({ code: -32601, message: 'Method does not exist' });
    };
    const nas = await startFake({ methods: { 'auth.login_with_api_key': gone } });
    const error = await refusalOf(nas, { username: null });
    expect(error).toBeInstanceOf(TrueNasAuthError);
    expect(error.message).toContain('takes no key without the name of its user');
    expect(error.remediation).toEqual(['Set truenas.username to the user the key belongs to.']);
    const keptIn = 'secret csi/nfs';
    expect((await refusalOf(nas, { username: null, keptIn })).remediation).toEqual([
      'The credentials are those of secret csi/nfs: mend them there, or set truenas.url, truenas.username and truenas.api_key.',
    ]);
  });

  it('with what a Secret holds keeps what else is to be known, and names the Secret', async () => {
    const nas = await startFake({
      methods: { 'auth.login_ex': () => ({ response_type: 'EXPIRED' }) },
    });
    const { remediation } = await refusalOf(nas, { keptIn: 'secret csi/nfs' });
    expect(remediation).toEqual([
      'TrueNAS revokes a key that was ever sent over plain http.',
      'The credentials are those of secret csi/nfs: mend them there, or set truenas.url, truenas.username and truenas.api_key.',
    ]);
    const standby = await startFake({
      methods: {
        'auth.login_ex': () => ({ response_type: 'REDIRECT', urls: ['https://nas1-b.example'] }),
      },
    });
    expect((await refusalOf(standby, { keptIn: 'secret csi/nfs' })).remediation).toEqual([
      'Set truenas.url to https://nas1-b.example, and give truenas.username and truenas.api_key.',
    ]);
    const nowhere = await open('http://127.0.0.1:1', { keptIn: 'secret csi/nfs' });
    await expect(nowhere.identify(patient())).rejects.toMatchObject({
      remediation: [
        'Check host and port in httpConnection in secret csi/nfs, and that the system is up.',
        'If it has another address from here, set truenas.url, truenas.username and truenas.api_key.',
      ],
    });
  });

  it('with a key alone that is answered false is refused as wrong', async () => {
    const nas = await startFake({ methods: { 'auth.login_with_api_key': () => false } });
    const error = await refusalOf(nas, { username: null });
    expect(error).toBeInstanceOf(TrueNasAuthError);
    expect(error.message).toContain('wrong or revoked');
  });

  it.each([
    [
      { response_type: 'REDIRECT', urls: ['https://nas1-b.example'] },
      'Set truenas.url to https://nas1-b.example.',
    ],
    [{ response_type: 'REDIRECT' }, 'Set truenas.url to the active node.'],
  ])('at a standby node says where the active one is', async (answer, remedy) => {
    const nas = await startFake({ methods: { 'auth.login_ex': () => answer } });
    const error = await refusalOf(nas);
    expect(error).toBeInstanceOf(TrueNasAuthError);
    expect(error.remediation).toEqual([remedy]);
  });

  it('that is rate limited says to wait', async () => {
    const nas = await startFake({
      methods: {
        'auth.login_ex': () => {
          throw fault(16, 'EBUSY', '[EBUSY] Rate Limit Exceeded');
        },
      },
    });
    const error = await refusalOf(nas);
    expect(error).toBeInstanceOf(TrueNasUnreachableError);
    expect(error.message).toContain('takes no more logins');
    expect(String(error.remediation)).toContain('Wait a minute');
  });

  it('by a mechanism that is not offered says which', async () => {
    const nas = await startFake({
      methods: {
        'auth.login_ex': () => {
          throw fault(95, 'EOPNOTSUPP');
        },
        'auth.mechanism_choices': () => ['SCRAM'],
      },
    });
    const error = await refusalOf(nas);
    expect(error).toBeInstanceOf(TrueNasAuthError);
    expect(error.message).toContain('does not offer the login mechanism API_KEY_PLAIN');
  });

  it('that fails for another reason gives that reason', async () => {
    const nas = await startFake({
      methods: {
        'auth.login_ex': () => {
          throw new RpcFault({ code: -32602, message: 'Invalid params' });
        },
      },
    });
    expect((await refusalOf(nas)).message).toContain('failed the login: Invalid params');
  });

  it('shows no secret that the server repeats', async () => {
    const nas = await startFake({
      methods: {
        'auth.login_ex': () => {
          throw fault(22, 'EINVAL', `[EINVAL] login_data.api_key: bad value ${SECRET}`);
        },
      },
    });
    const error = await refusalOf(nas);
    expect(error.message).toContain('bad value ********');
    expect(inspect(error, { depth: 9 })).not.toContain(SECRET);
  });

  it('shows its secret in no error', async () => {
    for (const type of ['AUTH_ERR', 'EXPIRED', 'DENIED', 'REDIRECT', SECRET.slice(0, 1)]) {
      const nas = await startFake({
        methods: { 'auth.login_ex': () => ({ response_type: type }) },
      });
      const error = await refusalOf(nas);
      expect(
        JSON.stringify([error.message, error.remediation, error.details, error.stack]),
      ).not.toContain(SECRET);
    }
  });
});

describe('openNas', () => {
  it('refuses to send a key in the clear before anything is sent', async () => {
    await expect(open('http://nas1.example')).rejects.toThrow(InsecureTransportError);
    await expect(open('ws://10.0.0.5')).rejects.toThrow(InsecureTransportError);
  });

  it('refuses to start without credentials', async () => {
    await expect(open('https://nas1.example', { apiKey: null })).rejects.toThrow(
      'nothing to log in to nas1 with',
    );
    await expect(
      open('https://nas1.example', { apiKey: null, username: null, password: 'x' }),
    ).rejects.toThrow('nothing to log in');
  });

  it('warns where a certificate is not checked', async () => {
    const log: LogLine[] = [];
    const tls = {
      verify: false,
      caFile: null,
      pinnedSpkiSha256: [],
      minVersion: 'TLSv1.3',
    } as const;
    await open('https://nas1.example', { tls }, log);
    expect(log).toEqual([{ level: 'warn', message: 'the certificate is not checked' }]);
  });
});
