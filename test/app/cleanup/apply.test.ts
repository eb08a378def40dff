import { describe, expect, it } from 'vitest';
import { type CleanupPorts } from '../../../src/lib/app/cleanup/cleanup-ports.ts';
import { type Actor } from '../../../src/lib/core/cleanup/journal-schema.ts';
import { sealPlan } from '../../../src/lib/core/cleanup/plan-hash.ts';
import { type CleanupPlan, planBodySchema } from '../../../src/lib/core/cleanup/plan-schema.ts';
import { CleanupLockedError, CleanupStoreError } from '../../../src/lib/core/model/errors.ts';
import { bytes, millis } from '../../../src/lib/core/model/units.ts';
import { addOne, addSound, finish, newSite } from '../../../src/lib/lab/scenario/build/site.ts';
import { type LabSystem, type World } from '../../../src/lib/lab/scenario/world.ts';
import {
  cleanupSite,
  type CleanupSite,
  Killed,
  type SiteOptions,
} from '../../support/cleanup-site.ts';
import { crashCase, planned } from '../../support/crash-cases.ts';
import { differences, objectsOf } from '../../support/world-objects.ts';

/*
 * What keeps a plan from being carried out: each refuses before the first change, and nothing was changed then.
 */

function twoLost(): World {
  const site = newSite('25.10');
  addSound(site.nfs, 5);
  addOne(site.nfs, 'apps/lost', { gone: ['pv', 'claim'] });
  addOne(site.nfs, 'apps/lost-too', { gone: ['pv', 'claim'] });
  return finish(site, []).world;
}

function systemOf({ running }: CleanupSite): LabSystem {
  const [system] = running.world.systems;
  if (system === undefined) throw new Error('a system');
  return system;
}

async function refused(site: CleanupSite, plan: CleanupPlan, why: string | RegExp): Promise<void> {
  const { world, disk } = site.freeze();
  const start = objectsOf(world);
  await expect(site.apply(plan)).rejects.toThrow(why);
  expect(differences(start, objectsOf(site.freeze().world))).toEqual([]);
  expect(site.disk.runs).toEqual(disk.runs);
}

/** What makes a dataset reachable once it is there. */
const OPENING: readonly string[] = [
  'nfs-share',
  'smb-share',
  'iscsi-extent',
  'iscsi-mapping',
  'nvmet-namespace',
];

const quarantine = crashCase('quarantine over nfs');

async function withPlan(
  work: (site: CleanupSite, plan: CleanupPlan) => Promise<void>,
  options: SiteOptions = {},
): Promise<void> {
  await using site = await cleanupSite(quarantine.build('25.10'), options);
  await work(site, await site.plan());
}

describe('a plan is refused', () => {
  it('where its steps are not those of its findings, however well it is sealed', async () => {
    await withPlan(async (site, plan) => {
      const body = planBodySchema.strip().parse(plan);
      const forged = sealPlan({
        ...body,
        steps: body.steps.map((step) =>
          step.change.type === 'set-mark'
            ? { ...step, change: { type: 'destroy-dataset', dataset: step.change.dataset } }
            : step,
        ),
      });
      const start = objectsOf(site.freeze().world);
      await expect(site.approve(forged)).rejects.toThrow('not the one that is kept here');
      site.disk.plans.clear();
      await site.approve(forged);
      const run = await site.apply(forged);
      expect(run.steps.map(({ state }) => state)).toEqual(['skipped', 'skipped']);
      expect(run.steps[0]?.detail).toContain('is not what would be done about it now');
      expect(differences(start, objectsOf(site.freeze().world))).toEqual([]);
    });
  });

  it('where a step belongs to nothing that was found', async () => {
    await withPlan(async (site, plan) => {
      const body = planBodySchema.strip().parse(plan);
      const steps = body.steps.map((step) => ({ ...step, item: 'f'.repeat(16) }));
      await refused(site, sealPlan({ ...body, steps }), 'belongs to no item');
    });
  });

  it('where it is good for longer than any plan', async () => {
    await withPlan(async (site, plan) => {
      const body = planBodySchema.strip().parse(plan);
      const forged = sealPlan({ ...body, expires_at: '2126-01-01T00:00:00.000Z' });
      await refused(site, forged, 'plan_ttl');
    });
  });

  it('where it is expired', async () => {
    await withPlan(async (site, plan) => {
      await site.approve(plan);
      site.pass(1.01);
      await refused(site, plan, 'expired at');
    });
  });

  it('where it was edited', async () => {
    await withPlan(async (site, plan) => {
      await site.approve(plan);
      await refused(site, { ...plan, expires_at: '2030-01-01T00:00:00.000Z' }, 'its hash differs');
      await refused(site, { ...plan, steps: plan.steps.slice(1) }, 'its hash differs');
    });
  });

  it('in another cluster, and on another system behind the same address', async () => {
    await withPlan(async (site, plan) => {
      await site.approve(plan);
      const system = systemOf(site);
      const { hostId } = system;
      system.hostId = 'f'.repeat(64);
      await refused(site, plan, 'system nas1 is another one');
      system.hostId = hostId;
      const [cluster] = site.running.world.clusters;
      if (cluster === undefined) throw new Error('a cluster');
      cluster.uid = '0b6f1c9e-3b0a-4a58-9d25-1f9f4a5b7c11';
      await refused(site, plan, 'is another one: its kube-system');
    });
  });

  it('while nobody has approved of it, and once somebody has rejected it', async () => {
    await withPlan(async (site, plan) => {
      await refused(site, plan, 'is not approved: 0 of 1 approvals');
      await site.reject(plan);
      await refused(site, plan, 'was rejected');
      await expect(site.approve(plan)).rejects.toThrow('was rejected');
    });
  });

  it('where the users lack a right for any of its steps', async () => {
    await withPlan(async (site, plan) => {
      await site.approve(plan);
      for (const key of systemOf(site).apiKeys) key.roles = ['READONLY_ADMIN', 'SHARING_NFS_WRITE'];
      await refused(site, plan, /rights are missing: .*DATASET_WRITE/);
    });
    const destroy = crashCase('destroy over nfs');
    await using site = await cleanupSite(destroy.build('26'));
    const plan = await destroy.plan(site);
    for (const key of systemOf(site).apiKeys)
      key.roles = ['READONLY_ADMIN', 'SHARING_NFS_WRITE', 'DATASET_WRITE'];
    await refused(site, plan, /rights are missing: .*DATASET_DELETE/);
  });

  it('where a cluster forbids one of its verbs', async () => {
    const each = crashCase('delete a volume without data');
    await using site = await cleanupSite(each.build('25.10'));
    const plan = await each.plan(site);
    const [cluster] = site.running.world.clusters;
    if (cluster === undefined) throw new Error('a cluster');
    cluster.forbidden = [...(cluster.forbidden ?? []), 'delete:persistentvolumes'];
    await refused(site, plan, /rights are missing: .*delete/);
  });

  it('once it was carried out', async () => {
    await withPlan(async (site, plan) => {
      await site.approve(plan);
      const { id } = await site.apply(plan);
      await refused(site, plan, `was carried out by run ${id}: done`);
    });
  });

  it('while a journal of the past is damaged', async () => {
    let damage: string | null = null;
    const around = (ports: CleanupPorts): CleanupPorts => ({
      ...ports,
      store: {
        ...ports.store,
        runs: async () => (await ports.store.runs()).map((each) => ({ ...each, damage })),
      },
    });
    await withPlan(
      async (site, plan) => {
        await site.approve(plan);
        const { id } = await site.apply(plan);
        damage = 'line 2 is not what was written';
        await expect(site.apply(plan)).rejects.toThrow(CleanupStoreError);
        await expect(site.plan()).rejects.toThrow('is damaged: line 2');
        await expect(site.rollback(id)).rejects.toThrow(CleanupStoreError);
      },
      { around },
    );
  });
});

describe('two runs at once', () => {
  it('are one, and the other is told that somebody is at it', async () => {
    await withPlan(async (site, plan) => {
      await site.approve(plan);
      const ends = await Promise.allSettled([site.apply(plan), site.apply(plan)]);
      const reasons: unknown[] = [];
      for (const end of ends) if (end.status === 'rejected') reasons.push(end.reason);
      expect(reasons).toEqual([expect.any(CleanupLockedError)]);
      expect(site.sent.length).toBe(plan.steps.length);
    });
  });
});

describe('approval', () => {
  it('by several counts by the names that a cluster knows them by', async () => {
    let name = 'ada';
    let uid = '';
    const around = (ports: CleanupPorts): CleanupPorts => ({
      ...ports,
      operator: {
        identify: () =>
          Promise.resolve<Actor>({
            kind: 'kubernetes',
            name,
            uid: null,
            groups: [],
            cluster: 'prod',
            cluster_uid: uid,
          }),
      },
    });
    await withPlan(
      async (site, plan) => {
        uid = plan.clusters[0]?.uid ?? '';
        await site.approve(plan);
        await site.approve(plan);
        await refused(site, plan, '1 of 2 approvals');
        uid = 'another';
        name = 'eve';
        await site.approve(plan);
        await refused(site, plan, /1 of 2 approvals; .*eve is known in .*none of the plan/);
        uid = plan.clusters[0]?.uid ?? '';
        name = 'grace';
        await site.approve(plan);
        expect(await site.apply(plan)).toMatchObject({ state: 'done' });
      },
      { around, settings: { approvals: 2 } },
    );
  });

  it('by several cannot be had from users of this machine', async () => {
    await withPlan(
      async (site, plan) => {
        await expect(site.approve(plan)).rejects.toThrow('2 people have to approve');
      },
      { settings: { approvals: 2 } },
    );
  });

  it('comes from the configuration as it is now', async () => {
    const entry = { rule: 'dataset-*', minAge: millis(86_400_000), maxBytes: bytes(1024 ** 4) };
    const settings = { autoApprove: [entry] };
    await withPlan(
      async (site, plan) => {
        const killing = site.apply(plan, () => {
          if (site.disk.runs.size > 0) throw new Killed();
        });
        await expect(killing).rejects.toThrow(Killed);
        settings.autoApprove = [];
        await expect(site.apply(plan)).rejects.toThrow(/0 of 1 approvals; .*auto_approve does not/);
        expect(site.sent).toEqual([]);
      },
      { settings },
    );
  });

  it('comes from the configuration where it covers everything', async () => {
    const entry = { rule: 'dataset-*', minAge: millis(86_400_000), maxBytes: bytes(1024 ** 4) };
    await withPlan(
      async (site, plan) => {
        const run = await site.apply(plan);
        expect(run.state).toBe('done');
        expect(run.approvedBy).toEqual([{ kind: 'policy', name: 'cleanup.auto_approve' }]);
      },
      { settings: { autoApprove: [entry] } },
    );
    await withPlan(
      async (site, plan) => {
        await refused(site, plan, 'is not approved');
      },
      { settings: { autoApprove: [{ ...entry, maxBytes: bytes(1) }] } },
    );
  });
});

describe('limits', () => {
  it('hold for all runs of 24 h, and what was rolled back does not count', async () => {
    await using site = await cleanupSite(twoLost(), { settings: { maxItems: 1 } });
    const first = await planned(site);
    expect(first.items.length).toBe(1);
    const other = await planned(site, { findings: first.left_out.map(({ id }) => id) });
    expect(other.items.length).toBe(1);
    const run = await site.apply(first);
    await refused(site, other, 'beyond the limits');
    site.pass(0.1);
    expect((await site.plan()).items).toEqual([]);
    await site.rollback(run.id);
    expect(await site.apply(other)).toMatchObject({ state: 'done' });
    site.pass(24.1);
    expect((await site.plan()).items.length).toBe(1);
  });
});

describe('a run', () => {
  it('stops where another system is behind the address all at once', async () => {
    await withPlan(async (site, plan) => {
      await site.approve(plan);
      const applying = site.apply(plan, () => {
        const entries = [...site.disk.runs.values()].flat();
        if (entries.some(({ type }) => type === 'outcome')) systemOf(site).hostId = 'f'.repeat(64);
      });
      await expect(applying).rejects.toThrow('system nas1 is another one');
      expect(site.runs().map(({ state }) => state)).toEqual(['stopped']);
      expect(site.sent.length).toBe(1);
    });
  });

  it('takes back what it has half done where its plan is expired when it is gone on with', async () => {
    await withPlan(async (site, plan) => {
      await site.approve(plan);
      const start = objectsOf(site.freeze().world);
      const killing = site.apply(plan, () => {
        const entries = [...site.disk.runs.values()].flat();
        if (entries.some(({ type }) => type === 'outcome')) throw new Killed();
      });
      await expect(killing).rejects.toThrow(Killed);
      expect(differences(start, objectsOf(site.freeze().world)).length).toBe(1);
      site.pass(2);
      const run = await site.apply(plan);
      expect(run.steps.map(({ state }) => state)).toEqual(['rolled_back', 'skipped']);
      expect(run.steps[1]?.detail).toContain('expired');
      expect(differences(start, objectsOf(site.freeze().world))).toEqual([]);
    });
  });
});

describe('a run under way', () => {
  it('begins nothing more once its plan expires, and takes back what is half done', async () => {
    await withPlan(async (site, plan) => {
      await site.approve(plan);
      const start = objectsOf(site.freeze().world);
      let isLate = false;
      const run = await site.apply(plan, () => {
        const entries = [...site.disk.runs.values()].flat();
        if (isLate || !entries.some(({ type }) => type === 'outcome')) return;
        isLate = true;
        site.pass(2);
      });
      expect(run.steps.map(({ state }) => state)).toEqual(['rolled_back', 'skipped']);
      expect(run.steps[1]?.detail).toContain('expired');
      expect(differences(start, objectsOf(site.freeze().world))).toEqual([]);
    });
  });

  it('is not gone on with once somebody has rejected its plan', async () => {
    await withPlan(async (site, plan) => {
      await site.approve(plan);
      const killing = site.apply(plan, () => {
        const entries = [...site.disk.runs.values()].flat();
        if (entries.some(({ type }) => type === 'outcome')) throw new Killed();
      });
      await expect(killing).rejects.toThrow(Killed);
      await site.reject(plan);
      await expect(site.apply(plan)).rejects.toThrow('was rejected');
    });
  });
});

describe('a rehearsal', () => {
  it('says what would be done, and changes nothing anywhere', async () => {
    await withPlan(async (site, plan) => {
      const before = site.freeze();
      const run = await site.rehearse(plan);
      expect(run.steps.map(({ state }) => state)).toEqual(['done', 'done']);
      const after = site.freeze();
      expect(differences(objectsOf(before.world), objectsOf(after.world))).toEqual([]);
      expect(after.disk).toEqual(before.disk);
      expect(after.firstSeen).toEqual(before.firstSeen);
      expect(site.sent).toEqual([]);
    });
  });
});

describe('a rollback', () => {
  it('is refused of what is none, of another rollback, and twice', async () => {
    await withPlan(async (site, plan) => {
      await site.approve(plan);
      const run = await site.apply(plan);
      const back = await site.rollback(run.id);
      expect(back.state).toBe('rolled_back');
      await expect(site.rollback('no-such-run')).rejects.toThrow('there is no run');
      await expect(site.rollback(back.id)).rejects.toThrow('is a rollback itself');
      await expect(site.rollback(run.id)).rejects.toThrow('there is nothing to roll back');
    });
  });

  it('leaves alone what somebody has changed since, and puts back the rest', async () => {
    await withPlan(async (site, plan) => {
      await site.approve(plan);
      const run = await site.apply(plan);
      for (const share of systemOf(site).nfsShares) share.enabled = true;
      const back = await site.rollback(run.id);
      const states = new Map(back.steps.map(({ step, state }) => [step.change.type, state]));
      expect(states.get('set-mark')).toBe('done');
      expect(states.get('set-enabled')).toBe('skipped');
    });
  });

  it('opens nothing that a newer run has put aside since', async () => {
    await withPlan(async (site, plan) => {
      await site.approve(plan);
      const older = await site.apply(plan);
      // Somebody takes it back by hand, and it is put aside again.
      const { nfsShares, datasets } = systemOf(site);
      for (const share of nfsShares) share.enabled = true;
      for (const { userProperties } of datasets) {
        delete userProperties['truenas-monitor:quarantined'];
      }
      site.pass(0.1);
      const again = await site.plan();
      await site.approve(again);
      const newer = await site.apply(again);
      expect(newer.steps.map(({ state }) => state)).toEqual(['done', 'done']);
      const before = site.state();
      const sent = site.sent.length;
      const back = await site.rollback(older.id);
      expect(back.steps.map(({ state }) => state)).toEqual(['skipped', 'skipped']);
      expect(back.steps[1]?.detail).toMatch(/dataset .*: mark was null and is /);
      expect([site.state(), site.sent.length]).toEqual([before, sent]);
      const own = await site.rollback(newer.id);
      expect(own.steps.map(({ state }) => state)).toEqual(['done', 'done']);
    });
  });

  it.each(['nfs', 'smb', 'iscsi', 'nvmeof'])(
    "does not export a stranger's new dataset over %s",
    async (protocol) => {
      const dangling = crashCase(`delete a dangling export over ${protocol}`);
      await using site = await cleanupSite(dangling.build('25.10'));
      const plan = await dangling.plan(site);
      const run = await site.apply(plan);
      const system = systemOf(site);
      const [sound] = system.datasets.filter(({ id }) => id.includes('/vols/'));
      const path = plan.items[0]?.dataset ?? '';
      if (sound === undefined) throw new Error('a neighbour');
      system.datasets.push({ ...sound, id: path, guid: '77', createtxg: 99_999_999 });
      const sent = site.sent.length;
      const back = await site.rollback(run.id);
      const reopened = back.steps.filter(({ step, state }) => {
        const { change } = step;
        return state === 'done' && change.type === 'create-object' && OPENING.includes(change.kind);
      });
      expect(reopened).toEqual([]);
      expect(back.steps.map(({ detail }) => detail).join()).toContain(
        `dataset ${path}: it is there`,
      );
      expect(site.sent.slice(sent).filter(({ type }) => type === 'set-enabled')).toEqual([]);
    },
  );
});
