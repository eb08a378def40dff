import { type Installation } from '../../correlate/installations.ts';
import { isTrueNasDriverName } from '../../correlate/volume-handle.ts';
import { type SystemIdentity } from '../../model/inventory.ts';
import { type PersistentVolume } from '../../model/kubernetes.ts';
import { systemBehind } from '../checks/driver-home.ts';
import { kindsOf } from '../checks/driver-kinds.ts';
import { buildOf, rpcSupportOf, supportOf, type Support } from '../checks/driver-support.ts';
import { driverContainersOf, refToDriver } from '../checks/installation-pods.ts';
import { parseVersion } from '../checks/versions.ts';
import { defineCheck } from '../define-check.ts';

function unknown(seen: string): Support {
  return { sound: undefined, seen };
}

/** The worst that any build, run as any kind, does. */
function worstOf(supports: readonly Support[]): Support | undefined {
  return (
    supports.find(({ severity }) => severity === 'high') ??
    supports.find(({ sound }) => sound === false) ??
    supports.find(({ sound }) => sound === undefined) ??
    supports[0]
  );
}

function inspectPair(
  installation: Installation,
  system: SystemIdentity | undefined,
  volumes: readonly PersistentVolume[],
): Support {
  const truenas = parseVersion(system?.version ?? null);
  if (system === undefined) return unknown('the TrueNAS it works on is not known');
  if (truenas === undefined) return unknown(`the version of ${system.name} is not known`);
  const name = `TrueNAS ${system.version}`;
  if (isTrueNasDriverName(installation.driver)) {
    return rpcSupportOf(installation.driver, truenas, name);
  }
  const kinds = kindsOf(installation, volumes);
  if (kinds.length === 0) return unknown('what kind of driver it is was not seen');
  const images = new Set(driverContainersOf(installation).map(({ image }) => image));
  if (images.size === 0) return unknown('no pod of it was seen');
  const supports = kinds.flatMap((kind) =>
    [...images]
      .toSorted()
      .map((image) => supportOf({ kind, build: buildOf(image), truenas, name })),
  );
  return worstOf(supports) ?? unknown('nothing of it was seen');
}

export const driverSupportsTruenas = defineCheck({
  id: 'driver-supports-truenas',
  category: 'validation',
  severity: 'high',
  component: 'versions',
  title: 'Drivers work with the version of TrueNAS',
  scope: 'cluster',
  subjects: ['CsiDriver'],
  requires: ['installations', 'parents', 'systems', 'persistentVolumes'],
  consults: [],
  steps: [
    'Look into the release notes of the driver for a build that names your version of TrueNAS; for democratic-csi and TrueNAS 25.04 or later that is one after v1.9.4, or the image of the branch `next`.',
    'Pin that image by digest, upgrade the release, and look that the controller stays ready.',
    'Where TrueNAS was not upgraded yet, upgrade the driver first.',
    'Where no build fits, go back to the version of TrueNAS before (its boot environment), or move to a driver that speaks JSON-RPC.',
  ],

  *inspect({ installations, parents, systems, persistentVolumes }) {
    for (const installation of installations) {
      const system = systemBehind(installation, parents, systems);
      yield {
        subject: refToDriver(installation),
        ...inspectPair(installation, system, persistentVolumes),
      };
    }
  },
});
