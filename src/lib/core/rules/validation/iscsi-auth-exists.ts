import { firstFew } from '../../render/text/format.ts';
import { authsNamedIn, iscsiDrivers, refToSetting } from '../checks/target-groups.ts';
import { defineCheck } from '../define-check.ts';

export const iscsiAuthExists = defineCheck({
  id: 'iscsi-auth-exists',
  category: 'validation',
  severity: 'high',
  component: 'iscsi',
  title: 'iSCSI drivers name credentials that exist',
  scope: 'cluster',
  subjects: ['DriverSecret'],
  requires: ['driverSecrets', 'iscsiAuths', 'parents', 'systems'],
  consults: ['addresses'],
  steps: [
    'Compare `targetGroupAuthGroup` in the configuration of the driver with the group ids of the credentials (Shares, iSCSI, Authorized Access).',
    'Correct it, or make credentials with this group id, and check that the Secret of the class for staging on nodes has the same user and password.',
  ],

  *inspect({ addresses, iscsiAuths, ...read }) {
    for (const { secret, place } of iscsiDrivers({ ...read, addresses: addresses.items })) {
      for (const tag of authsNamedIn(secret)) {
        const subject = refToSetting(secret, `auth ${String(tag)}`);
        if ('why' in place) {
          yield { subject, sound: undefined, seen: `credentials ${String(tag)}: ${place.why}` };
          continue;
        }
        const tags = new Set(
          iscsiAuths.filter(({ system }) => system === place.system).map((each) => each.tag),
        );
        const known = [...tags].map(String).toSorted();
        yield {
          subject,
          sound: tags.has(tag),
          seen: tags.has(tag)
            ? `credentials of group ${String(tag)} are on ${place.system}`
            : `${place.system} has no credentials of group ${String(tag)} (it has ${known.length === 0 ? 'none' : firstFew(known, 5)}): no target can be made`,
        };
      }
    }
  },
});
