import { type Installation } from '../../correlate/installations.ts';
import { refInCluster } from '../../model/surroundings.ts';
import { defineCheck } from '../define-check.ts';

const ENFORCE = 'pod-security.kubernetes.io/enforce';
const REFUSE_PRIVILEGED: readonly string[] = ['baseline', 'restricted'];

/** Where pods that mount volumes run, or would: refused ones leave nothing but the rest of their release. */
function namespacesOf({ nodePods, controllers, secrets }: Installation): readonly string[] {
  const ofNodePods = nodePods.map(({ namespace }) => namespace);
  if (ofNodePods.length > 0) return ofNodePods;
  return [...controllers, ...secrets].map(({ namespace }) => namespace);
}

export const nodePodSecurity = defineCheck({
  id: 'node-pod-security',
  category: 'validation',
  severity: 'high',
  component: 'node',
  title: 'Namespaces of drivers admit their privileged pods',
  scope: 'cluster',
  subjects: ['Namespace'],
  requires: ['namespaces', 'installations'],
  consults: [],
  steps: [
    'Admit privileged pods there: `kubectl label namespace NAME --overwrite pod-security.kubernetes.io/enforce=privileged`.',
    'Correct the label where the namespace comes from too (GitOps, Helm), so that it is not put back.',
    'Let nothing but drivers run in that namespace.',
    'Look that every node has its pod: `kubectl get pods -n NAME -o wide`.',
  ],

  *inspect({ namespaces, installations }) {
    const own = new Set(
      installations.flatMap((installation) =>
        namespacesOf(installation).map((namespace) => `${installation.cluster} ${namespace}`),
      ),
    );
    for (const namespace of namespaces) {
      if (!own.has(`${namespace.cluster} ${namespace.name}`)) continue;
      const level = namespace.labels[ENFORCE];
      const refuses = level !== undefined && REFUSE_PRIVILEGED.includes(level);
      yield {
        subject: refInCluster('Namespace', { cluster: namespace.cluster, name: namespace.name }),
        sound: !refuses,
        seen: refuses
          ? `${ENFORCE} is ${level}, which refuses pods that mount volumes: those that run now do not come back from a restart`
          : `${ENFORCE} is ${level ?? 'not set'}`,
      };
    }
  },
});
