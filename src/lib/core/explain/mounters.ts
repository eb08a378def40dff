import { type WORKLOAD_LISTS } from '../correlate/sources.ts';
import { UsageError } from '../model/errors.ts';
import { type ObjectMeta, type Pod, type Workload } from '../model/kubernetes.ts';
import { firstFew } from '../render/text/format.ts';
import { printable } from '../render/text/safe.ts';
import { type Scene } from './scene.ts';

/*
 * Pods, what makes them, and nodes are shown with what they use and never explained themselves: whoever names one is told what to
 * ask for instead.
 */

/** A kind of object that is no object of an explanation. */
interface Mounter {
  readonly what: string;
  /** Null for nodes, which no explanation reads. */
  readonly source: 'pods' | (typeof WORKLOAD_LISTS)[number] | null;
  readonly words: readonly string[];
}

/** As kubectl knows them; an `s` behind a word does no harm. */
const MOUNTERS: readonly Mounter[] = [
  { what: 'pod', source: 'pods', words: ['pod', 'po'] },
  { what: 'node', source: null, words: ['node', 'no'] },
  { what: 'Deployment', source: 'deployments', words: ['deployment', 'deploy'] },
  { what: 'StatefulSet', source: 'statefulSets', words: ['statefulset', 'sts'] },
  { what: 'DaemonSet', source: 'daemonSets', words: ['daemonset', 'ds'] },
  { what: 'ReplicaSet', source: 'replicaSets', words: ['replicaset', 'rs'] },
  {
    what: 'ReplicationController',
    source: 'replicationControllers',
    words: ['replicationcontroller', 'rc'],
  },
  { what: 'Job', source: 'jobs', words: ['job'] },
  { what: 'CronJob', source: 'cronJobs', words: ['cronjob', 'cj'] },
  { what: 'VirtualMachine', source: 'virtualMachines', words: ['virtualmachine', 'vm'] },
  { what: 'DataVolume', source: 'dataVolumes', words: ['datavolume', 'dv'] },
];

/** The kind a word means; undefined for any other word. */
export function findMounter(word: string): Mounter | undefined {
  const lower = word.toLowerCase();
  return MOUNTERS.find(({ words }) =>
    words.some((each) => each === lower || (lower.endsWith('s') && `${each}s` === lower)),
  );
}

function isNamed({ namespace, name }: ObjectMeta, typed: string): boolean {
  const whole = namespace === null ? name : `${namespace}/${name}`;
  return [whole, name, printable(whole)].includes(typed);
}

const MOST = 5;

type Made = Pod | Workload;

/** Claims of a pod, or of what makes pods. */
function claimsOf(mounter: Made, isPod: boolean, scene: Scene): string[] {
  const { claimUse } = scene.evidence.derived;
  const made = scene
    .ofCluster('persistentVolumeClaims', mounter.cluster)
    .filter((claim) => {
      const users: readonly Made[] = isPod ? claimUse.podsOf(claim) : claimUse.workloadsOf(claim);
      return users.includes(mounter);
    })
    .map(({ name }) => name);
  // A claim that is named and missing can be asked for no less than the others: it is why the pod waits.
  return [...new Set([...mounter.claims, ...made])].map(
    (name) => `pvc/${mounter.namespace}/${name}`,
  );
}

/** What to ask for instead, by the names of what is there. */
function insteadOf(
  source: Mounter['source'],
  typed: string,
  cluster: string | undefined,
  scene: Scene,
): string[] {
  if (source !== null) {
    return scene
      .ofCluster(source, cluster)
      .filter((each) => isNamed(each, typed))
      .flatMap((each) => claimsOf(each, source === 'pods', scene));
  }
  return scene
    .ofCluster('volumeAttachments', cluster)
    .filter(({ node }) => node === typed)
    .map(({ name }) => `va/${name}`);
}

/**
 * Says that an object of this kind is none to explain, and which to ask for instead.
 *
 * @param home configured name of the cluster, where one was given
 */
export function cannotExplain(
  { what, source }: Mounter,
  typed: string,
  home: string | null,
  scene: Scene,
): UsageError {
  const one = source === null ? 'attachment' : 'claim';
  const names = [...new Set(insteadOf(source, typed, home ?? undefined, scene))].map(printable);
  const start = `a ${what} cannot be explained`;
  if (names.length > 0) {
    const its = `its ${one}${names.length === 1 ? '' : 's'}`;
    return new UsageError(`${start}; explain ${its} ${firstFew(names, MOST)}`, { remediation: [] });
  }
  const some =
    source === null ? 'an attachment to it, va/NAME' : 'the claim it mounts, pvc/NAMESPACE/NAME';
  return new UsageError(`${start}; explain ${some}`, {
    remediation: [`No ${one} of a ${what} called ${printable(typed)} is among what was read.`],
  });
}
