import { type IscsiPortal } from '../../model/truenas-surroundings.ts';
import { firstFew } from '../../render/text/format.ts';
import { iscsiDrivers, namedIn, refToSetting } from '../checks/target-groups.ts';
import { defineCheck } from '../define-check.ts';

/** The web interface numbers portals by their tag, which people take for the id. */
function stepsFor(id: number, portals: readonly IscsiPortal[]): readonly string[] {
  const meant = portals.find(({ tag }) => tag === id);
  const which =
    meant === undefined
      ? 'Find the id of the portal: `midclt call iscsi.portal.query`; the number that the web interface shows is another.'
      : `Set it to ${String(meant.id)} if you mean the portal that the web interface numbers ${String(id)}: ids and those numbers differ.`;
  return [
    which,
    'Write it into `targetGroupPortalGroup` of the configuration of the driver, and restart its controller.',
  ];
}

export const iscsiPortalExists = defineCheck({
  id: 'iscsi-portal-exists',
  category: 'validation',
  severity: 'high',
  component: 'iscsi',
  title: 'iSCSI drivers name portals that exist',
  scope: 'cluster',
  subjects: ['DriverSecret'],
  requires: ['driverSecrets', 'iscsiPortals', 'parents', 'systems'],
  consults: ['addresses'],
  steps: ['Write the id of a portal into `targetGroupPortalGroup`.'],

  *inspect({ addresses, iscsiPortals, ...read }) {
    for (const { secret, place } of iscsiDrivers({ ...read, addresses: addresses.items })) {
      for (const id of namedIn(secret, 'portal')) {
        const subject = refToSetting(secret, `portal ${String(id)}`);
        if ('why' in place) {
          yield { subject, sound: undefined, seen: `portal ${String(id)}: ${place.why}` };
          continue;
        }
        const portals = iscsiPortals.filter(({ system }) => system === place.system);
        const known = portals.map((portal) => String(portal.id)).toSorted();
        const sound = portals.some((portal) => portal.id === id);
        yield {
          subject,
          sound,
          seen: sound
            ? `portal ${String(id)} is on ${place.system}`
            : `${place.system} has no portal with id ${String(id)} (it has ${known.length === 0 ? 'none' : firstFew(known, 5)}): no target can be made`,
          steps: stepsFor(id, portals),
        };
      }
    }
  },
});
