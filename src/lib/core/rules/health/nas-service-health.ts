import { refOnSystem } from '../../model/surroundings.ts';
import { type NasService } from '../../model/truenas-surroundings.ts';
import { counted } from '../../render/text/format.ts';
import { serviceUse, type ServiceUse } from '../checks/served-exports.ts';
import { unreadAmong } from '../checks/unseen-drivers.ts';
import { defineCheck, type Inspection } from '../define-check.ts';

/** `unread` says why volumes may be there that nothing tells of. */
function judge(
  running: boolean,
  use: ServiceUse,
  unread: string | undefined,
): Omit<Inspection, 'subject'> {
  const { count, coverage, title, noun } = use;
  if (running)
    return { sound: true, seen: `${title} runs, with ${counted(count, noun)} of drivers` };
  if (count > 0) {
    return {
      sound: false,
      seen: `${title} does not run, and ${counted(count, noun)} of drivers cannot be reached`,
    };
  }
  const why = coverage.state === 'complete' ? unread : coverage.reason;
  return why === undefined
    ? { sound: true, seen: `${title} does not run, and no volume needs it` }
    : {
        sound: undefined,
        seen: `${title} does not run, and whether a volume needs it is not known: ${why}`,
      };
}

export const nasServiceHealth = defineCheck({
  id: 'nas-service-health',
  category: 'health',
  severity: 'critical',
  component: 'service',
  title: 'The services that volumes are served by run',
  scope: 'system',
  subjects: ['Service'],
  requires: ['services', 'parents'],
  consults: [
    'nfsShares',
    'smbShares',
    'iscsiExtents',
    'nvmetNamespaces',
    'persistentVolumes',
    'driverSecrets',
    'datasets',
  ],
  steps: [
    'Start the service under System, Services in TrueNAS, and let it start with the system.',
    'Where it stops again, look into its log and the alerts of TrueNAS.',
  ],

  *inspect({ services, parents, persistentVolumes, driverSecrets, datasets, ...lists }) {
    // Parents that nobody declares are found by these.
    const unread = unreadAmong([persistentVolumes, driverSecrets, datasets]);
    for (const [system, own] of Map.groupBy(services, (service: NasService) => service.system)) {
      const uses = serviceUse(
        lists,
        parents.all.filter((parent) => parent.system === system),
      );
      for (const { name, running } of own) {
        const use = uses.get(name);
        if (use === undefined) continue;
        yield { subject: refOnSystem('Service', system, name), ...judge(running, use, unread) };
      }
    }
  },
});
