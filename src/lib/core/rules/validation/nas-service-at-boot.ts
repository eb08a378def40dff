import { refOnSystem } from '../../model/surroundings.ts';
import { unlessDoubtful } from '../checks/judged-parents.ts';
import { neededServices } from '../checks/needed-services.ts';
import { defineCheck } from '../define-check.ts';

export const nasServiceAtBoot = defineCheck({
  id: 'nas-service-at-boot',
  category: 'validation',
  severity: 'medium',
  component: 'service',
  title: 'The services that volumes are mounted through start with TrueNAS',
  scope: 'system',
  subjects: ['Service'],
  requires: ['services', 'persistentVolumes', 'volumeLinks', 'parents', 'systems'],
  consults: ['driverSecrets', 'addresses'],
  steps: [
    'Switch on Start Automatically for the service (System, Services): after the next restart no volume can be mounted otherwise.',
  ],

  *inspect({ driverSecrets, addresses, ...read }, { home }) {
    const world = {
      ...read,
      home,
      driverSecrets: driverSecrets.items,
      addresses: addresses.items,
    };
    for (const { name, service, by, doubt } of neededServices(world)) {
      const subject = refOnSystem('Service', home, name);
      if (service === undefined) {
        yield {
          subject,
          sound: undefined,
          seen: `TrueNAS lists no service of this name, and ${by}`,
        };
        continue;
      }
      const seen = service.atBoot ? 'it starts with TrueNAS' : 'it does not start with TrueNAS';
      yield { subject, ...unlessDoubtful(service.atBoot, `${seen}, and ${by}`, doubt) };
    }
  },
});
