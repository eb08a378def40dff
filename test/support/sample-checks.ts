import { type Connection } from '../../src/lib/core/model/connection.ts';
import { refToDataset, refToStorageClass } from '../../src/lib/core/model/subjects.ts';
import { refOnSystem, refToConnected } from '../../src/lib/core/model/surroundings.ts';
import { defineCheck, type Inspection } from '../../src/lib/core/rules/define-check.ts';

/*
 * Checks as simple as can be, for tests of what is made of their outcomes.
 */

/** Fails, mildly, for every class that is a default. */
export const classIsPlain = defineCheck({
  id: 'class-is-plain',
  category: 'validation',
  severity: 'medium',
  component: 'storage-class',
  title: 'No StorageClass is the default',
  scope: 'cluster',
  subjects: ['StorageClass'],
  requires: ['storageClasses'],
  consults: [],
  steps: ['Take the annotation off.'],
  *inspect({ storageClasses }) {
    for (const each of storageClasses) {
      yield {
        subject: refToStorageClass(each),
        sound: !each.isDefault,
        seen: each.isDefault ? 'it is the default' : 'it is not the default',
      };
    }
  },
});

/** Fails badly for every pool that is not well; cannot tell where its size is not known. */
export const poolIsOnline = defineCheck({
  id: 'pool-is-online',
  category: 'health',
  severity: 'critical',
  component: 'pool',
  title: 'Pools are online',
  scope: 'system',
  subjects: ['Pool'],
  requires: ['pools'],
  consults: [],
  steps: ['Replace the disk.'],
  *inspect({ pools }) {
    for (const { system, name, status, size } of pools) {
      yield {
        subject: refOnSystem('Pool', system, name),
        sound: size === null ? undefined : status === 'ONLINE',
        seen: size === null ? 'its size is not known' : `it is ${status}`,
      };
    }
  },
});

/** Fails for every dataset whose name has an x in it. */
export const datasetIsNamed = defineCheck({
  id: 'dataset-is-named',
  category: 'validation',
  severity: 'high',
  component: 'dataset',
  title: 'No dataset has an x in its name',
  scope: 'system',
  subjects: ['Dataset', 'Zvol'],
  requires: ['datasets'],
  consults: [],
  steps: ['Rename it.'],
  *inspect({ datasets }) {
    for (const each of datasets) {
      yield { subject: refToDataset(each), sound: !each.id.includes('x'), seen: 'it has a name' };
    }
  },
});

function* reached(
  connections: readonly Connection[],
  side: Connection['side'],
): Iterable<Inspection> {
  for (const connection of connections.filter((each) => each.side === side)) {
    const { failure } = connection;
    yield {
      subject: refToConnected(connection),
      sound: failure === null,
      seen: failure?.message ?? 'it answers',
      ...(failure === null ? {} : { steps: failure.remediation }),
    };
  }
}

const REACHED = {
  category: 'validation',
  severity: 'critical',
  component: 'connection',
  consults: [],
  steps: ['Mend it.'],
} as const;

export const clusterIsReached = defineCheck({
  ...REACHED,
  id: 'cluster-is-reached',
  title: 'The cluster answers',
  scope: 'cluster',
  subjects: ['Cluster'],
  requires: ['connections'],
  *inspect({ connections }) {
    yield* reached(connections, 'kubernetes');
  },
});

export const systemIsReached = defineCheck({
  ...REACHED,
  id: 'system-is-reached',
  title: 'The system answers',
  scope: 'system',
  subjects: ['System'],
  requires: ['connections'],
  *inspect({ connections }) {
    yield* reached(connections, 'truenas');
  },
});

export const SAMPLE_CHECKS = [
  poolIsOnline,
  classIsPlain,
  datasetIsNamed,
  clusterIsReached,
  systemIsReached,
];
