import { afterEach, expect, it } from 'vitest';
import { anObject, type LabClient, NOW, startLab } from '../../support/kubernetes-lab.ts';

let client: LabClient;
afterEach(() => client.close());

const LEASES = '/apis/coordination.k8s.io/v1/leases';

function leaderOf(holderIdentity: string, name: string) {
  return anObject('Lease', name, {
    apiVersion: 'coordination.k8s.io/v1',
    namespace: 'storage',
    spec: { holderIdentity, renewTime: '2026-11-22T00:59:56.000000Z', leaseDurationSeconds: 15 },
  });
}

function aPod(name: string, status: 'True' | 'False') {
  return anObject('Pod', name, {
    namespace: 'storage',
    status: { conditions: [{ type: 'Ready', status }] },
  });
}

/** When each Lease was renewed last, in seconds before the clock of the lab. */
async function ages(now: Date): Promise<Record<string, number>> {
  const { body } = await client.get(LEASES);
  return Object.fromEntries(
    body.items.map(({ metadata, spec }) => [
      metadata.name,
      (now.getTime() - Date.parse(String(spec['renewTime']))) / 1_000,
    ]),
  );
}

it('whoever leads renews its Lease as time goes by, as long as it is well', async () => {
  let now = NOW;
  const pods = [aPod('well', 'True'), aPod('ill', 'False')];
  const leases = [
    leaderOf('well', 'of-well'),
    leaderOf('ill', 'of-ill'),
    leaderOf('gone', 'of-gone'),
    leaderOf('', 'of-nobody'),
  ];
  client = await startLab({ objects: { pods, leases } }, { now: () => now });
  const before = await client.get(LEASES);
  expect(await ages(now)).toEqual({ 'of-well': 4, 'of-ill': 4, 'of-gone': 4, 'of-nobody': 4 });
  expect((await client.get(LEASES)).text).toBe(before.text);

  const day = 86_400;
  now = new Date(NOW.getTime() + day * 1_000);
  expect(await ages(now)).toEqual({
    'of-well': 4,
    'of-ill': day + 4,
    'of-gone': day + 4,
    'of-nobody': day + 4,
  });
});
