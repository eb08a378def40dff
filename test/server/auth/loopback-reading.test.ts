import { describe, expect, it } from 'vitest';
import { type Authenticator } from '../../../src/lib/server/auth/access.ts';
import { loopbackReading } from '../../../src/lib/server/auth/loopback-reading.ts';
import { say, type Reached, serving } from '../../support/serving.ts';

/** Knows one token, as Kubernetes would. */
const ONE_TOKEN: Authenticator = {
  admit: async ({ authorization }) =>
    await Promise.resolve(
      authorization === 'Bearer good'
        ? {
            state: 'admitted',
            caller: { name: 'anna', groups: [], role: 'admin', namespaces: null, actor: null },
          }
        : { state: 'unknown', reason: 'a token is needed' },
    ),
};

async function site(hosts: readonly string[] = [], host = '127.0.0.1'): Promise<Reached> {
  return await serving({ authenticator: loopbackReading(hosts, ONE_TOKEN), host });
}

async function statusOf(served: Reached, host: string, method = 'GET'): Promise<string> {
  const answer = await say(
    served,
    `${method} /test/viewer HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
  );
  return answer.slice(9, 12);
}

describe('on loopback', () => {
  it.each(['localhost', 'localhost:8080', 'LOCALHOST.', '127.0.0.1:1', '127.8.9.1', '[::1]:8080'])(
    'lets everybody read who calls it %s',
    async (host) => {
      const served = await site();
      expect(await statusOf(served, host)).toBe('200');
      expect(await statusOf(served, host, 'HEAD')).toBe('200');
    },
  );

  it.each([
    'evil.example',
    'evil.example:8080',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'localhost@evil.example',
    '10.0.0.1',
    '[::2]',
    '0.0.0.0',
    '127.0.0.1:8080:8080',
    '2130706433',
    '',
  ])('asks a page for a token that got here by the name %j', async (host) => {
    expect(await statusOf(await site(), host)).toBe('401');
  });

  it('is known by further names where the configuration says so', async () => {
    const served = await site(['nas-monitor.lan']);
    expect(await statusOf(served, 'NAS-monitor.lan:80')).toBe('200');
    expect(await statusOf(served, 'other.lan')).toBe('401');
  });

  it('says of those who read that nobody knows who they are', async () => {
    const { body } = await (await site()).ask('/test/viewer');
    expect(body.caller).toStrictEqual({
      name: null,
      groups: [],
      role: 'viewer',
      namespaces: null,
      actor: null,
    });
  });

  it('asks for a token whoever wants to change anything', async () => {
    const { ask } = await site();
    expect((await ask('/test/viewer', { method: 'POST' })).status).toBe(401);
    expect((await ask('/test/operator')).status).toBe(401);
    expect((await ask('/test/admin', { method: 'POST', token: 'good' })).status).toBe(200);
  });

  it.each(['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'])(
    'asks for a token whoever comes through a proxy, as %s says',
    async (name) => {
      const { ask } = await site();
      expect((await ask('/test/viewer', { headers: { [name]: '127.0.0.1' } })).status).toBe(401);
    },
  );

  it('lets whoever has a token in by any name', async () => {
    const served = await site();
    const answer = await say(
      served,
      'GET /test/viewer HTTP/1.1\r\nHost: evil.example\r\nAuthorization: Bearer good\r\nConnection: close\r\n\r\n',
    );
    expect(answer).toContain('200 OK');
  });
});

describe('off loopback', () => {
  it('asks everybody for a token, even those on this machine', async () => {
    const { ask } = await site([], '0.0.0.0');
    expect((await ask('/test/viewer')).status).toBe(401);
    expect((await ask('/api/v1/orphans')).status).toBe(401);
    expect((await ask('/test/viewer', { token: 'good' })).status).toBe(200);
  });

  it('answers probes all the same', async () => {
    const { ask } = await site([], '0.0.0.0');
    const answers = await Promise.all(['/health', '/version'].map(async (path) => await ask(path)));
    expect(answers.map(({ status }) => status)).toStrictEqual([200, 200]);
  });
});
