import { inspectServices } from '../checks/needed-services.ts';
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
    yield* inspectServices(world, ({ atBoot }) => ({
      sound: atBoot,
      seen: atBoot ? 'it starts with TrueNAS' : 'it does not start with TrueNAS',
    }));
  },
});
