import { describe, expect, it } from 'vitest';
import { findScenario, SCENARIOS } from '../../../src/lib/lab/scenario/registry.ts';
import { parseWorld, serialiseWorld } from '../../../src/lib/lab/scenario/serialise.ts';
import { TRUENAS_VERSIONS, type World } from '../../../src/lib/lab/scenario/world.ts';
import { expectSoundWorld, list, RULE_IDS } from './invariants.ts';

/** Every name by which a finding could point at something in this world. */
function subjectsOf({ clusters, systems }: World): Set<string> {
  const names = new Set<string>();
  for (const { objects } of clusters) {
    for (const { metadata } of Object.values(objects).flat()) {
      const { namespace, name } = metadata;
      names.add(namespace === undefined ? name : `${namespace}/${name}`);
    }
  }
  for (const system of systems) {
    for (const { id } of [...system.datasets, ...system.snapshots]) names.add(id);
    for (const { path } of system.nfsShares) names.add(path);
    const named = [
      system.smbShares,
      system.iscsiTargets,
      system.iscsiExtents,
      system.nvmetSubsystems,
      system.replicationTasks,
    ].flat();
    for (const { name } of named) names.add(name);
    for (const { devicePath } of system.nvmetNamespaces) names.add(devicePath);
    for (const { dataset } of system.snapshotTasks) names.add(dataset);
    for (const { comment } of system.iscsiInitiators ?? []) names.add(comment);
  }
  return names;
}

describe.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))(
  '%s',
  (_, scenario) => {
    it('is a world that can be', () => {
      expectSoundWorld(scenario.build('25.10'));
    });

    it('is the same world each time, and after being kept as text', () => {
      const world = scenario.build('25.10');
      expect(scenario.build('25.10')).toEqual(world);
      const kept = { scenario: scenario.name, world };
      expect(parseWorld(serialiseWorld(kept))).toEqual(kept);
    });

    it('differs between versions in nothing but the version', () => {
      const [first, ...others] = scenario.versions.map((version) => {
        const world = scenario.build(version);
        expect(new Set(world.systems.map((system) => system.version))).toEqual(new Set([version]));
        for (const system of world.systems) Object.assign(system, { version: '', release: '' });
        return world;
      });
      for (const other of others) expect(other).toEqual(first);
    });

    it('expects findings of known rules about what is there, each once', () => {
      const subjects = subjectsOf(scenario.build('25.10'));
      const keys = scenario.expected.map(({ rule, name, on = '' }) => `${rule} ${name} ${on}`);
      for (const { rule, name } of scenario.expected) {
        expect(RULE_IDS).toContain(rule);
        expect(subjects, rule).toContain(name);
      }
      expect(new Set(keys).size).toBe(keys.length);
    });

    it('describes itself', () => {
      expect(scenario.name).toMatch(/^[a-z][a-z0-9-]+$/);
      expect(scenario.description).toMatch(/^\S.{20,}[^.]$/);
      expect(scenario.versions.length).toBeGreaterThan(0);
      expect(TRUENAS_VERSIONS).toEqual(expect.arrayContaining([...scenario.versions]));
      expect([0, 3]).toContain(scenario.exitCode);
    });
  },
);

describe('the registry', () => {
  it('names each scenario once', () => {
    expect(new Set(SCENARIOS.map(({ name }) => name)).size).toBe(SCENARIOS.length);
  });

  it('keeps traps small enough to read', () => {
    for (const scenario of SCENARIOS.filter(({ corpusRow }) => corpusRow !== null)) {
      for (const cluster of scenario.build('25.10').clusters) {
        expect(list(cluster, 'persistentvolumes').length, scenario.name).toBeLessThanOrEqual(12);
      }
    }
  });

  it('finds a scenario by name', () => {
    expect(findScenario('demo')?.name).toBe('demo');
    expect(findScenario('nowhere')).toBeUndefined();
  });
});
