import { describe, expect, it } from 'vitest';
import { type NasChange } from '../../../src/lib/core/cleanup/change.ts';
import { millis } from '../../../src/lib/core/model/units.ts';
import { type TrueNasFaults } from '../../../src/lib/lab/truenas/faults.ts';
import { COMBINATIONS, openChangingLab, openWriter } from './changing-lab.ts';
import { patient, startFake, HANG } from './fake-nas.ts';
import { aSystem, KEY } from './lab-system.ts';

const text = (part: string) => expect.stringContaining(part) as unknown;

const SWITCH_OFF: NasChange = { type: 'set-enabled', kind: 'nfs-share', id: 1, enabled: false };
const UPDATE = 'sharing.nfs.update';
const DESTROY: NasChange = { type: 'destroy-dataset', dataset: 'tank/k8s/clone of 1' };
const DELETE = 'pool.dataset.delete';

describe.each(COMBINATIONS)('a change of TrueNAS %s', (_name, version, transport) => {
  const isRest = transport === 'rest' || version === '24.10';
  const prepare = (faults: TrueNasFaults = {}, timeout = 10_000) =>
    openChangingLab(aSystem(version), faults, { transport, timeout: millis(timeout) });

  it('that TrueNAS does not carry out is refused in its words, and not sent again', async () => {
    const { writer, countOf } = await prepare({
      errors: [{ method: UPDATE, times: 1, error: { kind: 'call', errno: 14, message: 'no way' } }],
    });
    expect(await writer.send(SWITCH_OFF, patient())).toEqual({
      state: 'refused',
      reason: text('no way'),
    });
    expect(countOf(UPDATE)).toBe(1);
  });

  it('that TrueNAS finds busy is not tried again, as a read would be', async () => {
    const { writer, countOf } = await prepare({
      errors: [{ method: UPDATE, times: 1, error: { kind: 'call', errno: 16, message: 'busy' } }],
    });
    expect(await writer.send(SWITCH_OFF, patient())).toMatchObject({ state: 'refused' });
    expect(countOf(UPDATE)).toBe(1);
  });

  it('that our user may not make is refused', async () => {
    const { writer, countOf } = await prepare({ deniedMethods: [UPDATE] });
    expect(await writer.send(SWITCH_OFF, patient())).toMatchObject({ state: 'refused' });
    expect(countOf(UPDATE)).toBeLessThanOrEqual(1);
  });

  it('is not sent where nobody is there', async () => {
    const { writer, reader, lab } = await prepare();
    await lab.close();
    expect(await writer.send(SWITCH_OFF, patient())).toEqual({
      state: 'not-sent',
      reason: text('nas1'),
    });
    await reader.close();
  });

  it('is not sent where TrueNAS goes away after it was reached', async () => {
    const { writer, reader, lab, countOf } = await prepare();
    await reader.identify(patient());
    await lab.close();
    expect(await writer.send(SWITCH_OFF, patient())).toMatchObject({ state: 'not-sent' });
    expect(countOf(UPDATE)).toBe(0);
  });

  it('is not sent where the login fails', async () => {
    const { lab, countOf } = await prepare();
    const { writer } = await openWriter(lab.url, { transport, apiKey: '3-wrong' });
    expect(await writer.send(SWITCH_OFF, patient())).toEqual({
      state: 'not-sent',
      reason: text('refused the credentials'),
    });
    expect(countOf(UPDATE)).toBe(0);
  });

  it('is not sent once somebody gave up, not even while it is prepared', async () => {
    const { writer, lab, countOf } = await prepare();
    await expect(writer.send(SWITCH_OFF, AbortSignal.abort(new Error('enough')))).rejects.toThrow(
      'enough',
    );
    const giveUp = new AbortController();
    lab.faults.onCall = (method) => {
      if (method.startsWith('system.version')) giveUp.abort(new Error('later'));
    };
    await expect(writer.send(SWITCH_OFF, giveUp.signal)).rejects.toThrow('later');
    expect(countOf(UPDATE)).toBe(0);
  });

  it('that was sent is waited for, whoever gives up meanwhile', async () => {
    const giveUp = new AbortController();
    const { writer, countOf } = await prepare({
      latencyMs: (method) => (method === UPDATE ? 200 : 0),
      onCall: (method) => {
        if (method === UPDATE) giveUp.abort(new Error('enough'));
      },
    });
    expect(await writer.send(SWITCH_OFF, giveUp.signal)).toMatchObject({ state: 'answered' });
    expect(countOf(UPDATE)).toBe(1);
  });

  it.each<[string, TrueNasFaults, acted: boolean]>([
    ['whose answer is lost', { lostAnswers: [UPDATE] }, true],
    ['whose request is lost with the connection', { lostRequests: [UPDATE] }, false],
    ['after which the connection breaks', { dropAfterActing: [UPDATE] }, true],
  ])('%s is not known of, and not sent again', async (_what, faults, acted) => {
    const { writer, lab, countOf } = await prepare(faults, 500);
    expect(await writer.send(SWITCH_OFF, patient())).toMatchObject({ state: 'no-answer' });
    expect(countOf(UPDATE)).toBe(1);
    expect(lab.system.nfsShares.find(({ id }) => id === 1)?.enabled).toBe(!acted);
    // What there is can be read all the same.
    const target = { side: 'truenas', kind: 'nfs-share', where: { id: 1 } } as const;
    const [seen] = await writer.observe(target, patient());
    expect(seen?.identity['enabled']).toBe(!acted);
  });

  it('whose answer breaks off is not known of', async () => {
    const { writer, lab, countOf } = await prepare();
    lab.faults.onCall = (method) => {
      if (!isRest && method.startsWith('system.version')) {
        lab.faults.dropConnection = { afterCalls: 0, midReply: true };
      }
    };
    // Over REST whether a request breaks is decided as it comes in: after finding the transport, the version twice.
    if (isRest) lab.faults.dropConnection = { afterCalls: 3, midReply: true };
    expect(await writer.send(SWITCH_OFF, patient())).toMatchObject({ state: 'no-answer' });
    expect(countOf(UPDATE)).toBe(1);
  });

  it('may take as long as any other answer, but a destruction much longer', async () => {
    const latencyMs = (method: string) => (method === UPDATE || method === DELETE ? 900 : 0);
    const { writer } = await prepare({ latencyMs }, 400);
    expect(await writer.send(SWITCH_OFF, patient())).toEqual({
      state: 'no-answer',
      reason: text('did not answer within 0.4 s'),
    });
    expect(await writer.send(DESTROY, patient())).toMatchObject({ state: 'answered' });
  });

  it('is answered by a lie where a deletion does nothing', async () => {
    const { writer, lab } = await prepare({ deletesLie: true });
    const before = structuredClone(lab.system);
    const snapshot = 'fast/vols/pvc-2@auto-2026-10-02';
    for (const change of [DESTROY, { type: 'delete-snapshot', snapshot } as const]) {
      expect(await writer.send(change, patient())).toMatchObject({ state: 'answered' });
    }
    expect(lab.system).toEqual(before);
  });

  it.runIf(!isRest)('finds a login that has lapsed before it is sent', async () => {
    const { writer, reader, lab, countOf } = await prepare();
    await reader.identify(patient());
    lab.faults.expireSession = 1;
    expect(await writer.send(SWITCH_OFF, patient())).toMatchObject({ state: 'answered' });
    expect(countOf(UPDATE)).toBe(1);
  });

  it.runIf(!isRest)('is refused where the login lapses with it, and not sent again', async () => {
    const { writer, lab, countOf } = await prepare();
    lab.faults.onCall = (method) => {
      if (method === UPDATE) lab.faults.expireSession = 1;
    };
    expect(await writer.send(SWITCH_OFF, patient())).toEqual({
      state: 'refused',
      reason: text('Not authenticated'),
    });
    expect(countOf(UPDATE)).toBe(1);
    expect(lab.system.nfsShares.find(({ id }) => id === 1)?.enabled).toBe(true);
  });

  it.runIf(!isRest)('that TrueNAS made and cannot tell of is not known of', async () => {
    const { writer } = await prepare({
      errors: [
        {
          method: UPDATE,
          times: 1,
          error: { kind: 'jsonrpc', code: -32603, message: 'Failed to JSON serialize' },
        },
      ],
    });
    expect(await writer.send(SWITCH_OFF, patient())).toMatchObject({ state: 'no-answer' });
  });

  it('is sent once even where many are sent at the same time', async () => {
    const { writer, countOf } = await prepare();
    const sent = await Promise.all(
      Array.from({ length: 30 }, () => writer.send(SWITCH_OFF, patient())),
    );
    expect(new Set(sent.map(({ state }) => state))).toEqual(new Set(['answered']));
    expect(countOf(UPDATE)).toBe(30);
  });
});

describe('a change over REST', () => {
  /** A server that reads as TrueNAS does, and answers changes as somebody else. */
  const changed = async (status: number, type: string, body: string) => {
    const nas = await startFake({
      http: (request, response) => {
        response.setHeader('content-type', 'application/json');
        if (request.method === 'GET') response.end('"TrueNAS-25.10.1"');
        else {
          response.writeHead(status, { 'content-type': type });
          response.end(body);
        }
        return true;
      },
    });
    const { writer } = await openWriter(nas.url, { transport: 'rest', apiKey: KEY });
    const sent = await writer.send(SWITCH_OFF, patient());
    expect(nas.calls.filter((call) => call.includes('/sharing/nfs'))).toHaveLength(1);
    return sent;
  };
  const JSON_TYPE = 'application/json';

  it.each([
    [502, 'text/html', '<html>Bad Gateway</html>'],
    [504, 'text/plain', 'timeout'],
    [503, JSON_TYPE, '{}'],
    [500, JSON_TYPE, '{"message":"oh","traceback":"…"}'],
    [200, 'text/html', '<!doctype html><html>Sign in</html>'],
    [200, JSON_TYPE, '{"id":1'],
    [302, 'text/plain', ''],
    [404, 'text/html', '<html>nginx</html>'],
    [400, 'text/plain', 'Bad Request'],
  ])('answered with %i %s is not known of', async (status, type, body) => {
    expect(await changed(status, type, body)).toMatchObject({ state: 'no-answer' });
  });

  it.each([
    [422, JSON_TYPE, '{"message":"[EFAULT] in use\\ntrace","errno":14}', '[EFAULT] in use'],
    [422, JSON_TYPE, '{"data.path":[{"message":"gone","errno":22}]}', 'data.path: gone'],
    [404, JSON_TYPE, '{"message":"does not exist"}', 'does not exist'],
    [404, 'text/plain', '404: Not Found', 'no such route'],
    [403, 'text/plain', '', 'not allowed'],
    [401, 'text/plain', '401: Unauthorized', 'refused the credentials'],
    [400, JSON_TYPE, '{"message":"Invalid JSON"}', 'Invalid JSON'],
  ])('answered with %i %s %s is refused', async (status, type, body, reason) => {
    expect(await changed(status, type, body)).toEqual({ state: 'refused', reason: text(reason) });
  });
});

describe('a change over JSON-RPC', () => {
  it('answered with no JSON-RPC is not known of', async () => {
    const nas = await startFake({
      methods: {
        [UPDATE]: (_params, socket) => {
          socket.send('<html>');
          return HANG;
        },
      },
    });
    const { writer } = await openWriter(nas.url);
    expect(await writer.send(SWITCH_OFF, patient())).toEqual({
      state: 'no-answer',
      reason: text('not JSON-RPC'),
    });
    expect(nas.calls.filter((call) => call === UPDATE)).toHaveLength(1);
  });
});
