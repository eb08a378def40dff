import { inspectServices } from '../checks/needed-services.ts';
import { defineCheck } from '../define-check.ts';

export const nasServiceRunning = defineCheck({
  id: 'nas-service-running',
  category: 'validation',
  severity: 'high',
  component: 'service',
  title: 'The services that volumes are mounted through run',
  scope: 'system',
  subjects: ['Service'],
  requires: ['services', 'persistentVolumes', 'volumeLinks', 'parents', 'systems'],
  consults: ['driverSecrets', 'addresses'],
  steps: [
    'Start the service on TrueNAS (System, Services).',
    'If it stops again, read why under Jobs and in `/var/log/middlewared.log`; pods that wait for a volume go on by themselves once it runs.',
  ],

  *inspect({ driverSecrets, addresses, ...read }, { home }) {
    const world = {
      ...read,
      home,
      driverSecrets: driverSecrets.items,
      addresses: addresses.items,
    };
    yield* inspectServices(world, ({ running }) => ({
      sound: running,
      seen: running ? 'it runs' : 'it does not run',
    }));
  },
});
