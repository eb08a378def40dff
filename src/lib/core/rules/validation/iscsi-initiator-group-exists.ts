import { firstFew } from '../../render/text/format.ts';
import { iscsiDrivers, namedIn, refToSetting } from '../checks/target-groups.ts';
import { defineCheck } from '../define-check.ts';

export const iscsiInitiatorGroupExists = defineCheck({
  id: 'iscsi-initiator-group-exists',
  category: 'validation',
  severity: 'high',
  component: 'iscsi',
  title: 'iSCSI drivers name initiator groups that exist',
  scope: 'cluster',
  subjects: ['DriverSecret'],
  requires: ['driverSecrets', 'iscsiInitiators', 'parents', 'systems'],
  consults: ['addresses'],
  steps: [
    'Make the group again (Shares, iSCSI, Initiators), write its id into `targetGroupInitiatorGroup` of the configuration of the driver, and restart its controller.',
    'On TrueNAS 24.04.2 to 25.04.0 a group goes by itself with the last target that uses it: update, or keep a target of your own in the group.',
  ],

  *inspect({ addresses, iscsiInitiators, ...read }) {
    for (const { secret, place } of iscsiDrivers({ ...read, addresses: addresses.items })) {
      for (const id of namedIn(secret, 'initiator')) {
        const subject = refToSetting(secret, `initiators ${String(id)}`);
        if ('why' in place) {
          yield { subject, sound: undefined, seen: `initiator group ${String(id)}: ${place.why}` };
          continue;
        }
        const groups = iscsiInitiators.filter(({ system }) => system === place.system);
        const known = groups.map((group) => String(group.id)).toSorted();
        const sound = groups.some((group) => group.id === id);
        yield {
          subject,
          sound,
          seen: sound
            ? `initiator group ${String(id)} is on ${place.system}`
            : `${place.system} has no initiator group with id ${String(id)} (it has ${known.length === 0 ? 'none' : firstFew(known, 5)}): no target can be made`,
        };
      }
    }
  },
});
