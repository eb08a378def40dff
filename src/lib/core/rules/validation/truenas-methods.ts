import { type Severity } from '../../model/finding.ts';
import { refOnSystem, refToSystem } from '../../model/surroundings.ts';
import { type NasMethod } from '../../model/truenas-surroundings.ts';
import { counted } from '../../render/text/format.ts';
import { defineCheck, type Inspection } from '../define-check.ts';

/** Without these nothing can be said of volumes. */
const CORE: ReadonlySet<string> = new Set([
  'pool.query',
  'pool.dataset.query',
  'zfs.resource.query',
  'pool.snapshot.query',
  'zfs.snapshot.query',
  'zfs.resource.snapshot.query',
  'sharing.nfs.query',
  'iscsi.target.query',
  'iscsi.extent.query',
  'iscsi.targetextent.query',
]);

/** What these say is worth knowing, and nothing rests on it. */
const EXTRA: ReadonlySet<string> = new Set(['system.info', 'system.host_id', 'api_key.query']);

function severityWithout({ name }: NasMethod): Severity {
  if (CORE.has(name)) return 'high';
  return EXTRA.has(name) ? 'low' : 'medium';
}

function judge(method: NasMethod): Omit<Inspection, 'subject'> {
  if (method.allowed === null) return { sound: undefined, seen: 'TrueNAS does not tell' };
  return {
    sound: method.allowed,
    seen: method.allowed ? 'allowed' : 'the account may not call it',
    severity: severityWithout(method),
  };
}

export const truenasMethods = defineCheck({
  id: 'truenas-methods',
  category: 'validation',
  severity: 'high',
  component: 'permissions',
  title: 'Everything that is asked of TrueNAS may be called',
  scope: 'system',
  subjects: ['Method', 'System'],
  requires: ['methods', 'systems'],
  consults: [],
  steps: [
    'Give the user of the key a privilege with the role READONLY_ADMIN, or with the role that docs/truenas-access.md names for this method.',
  ],

  *inspect({ methods, systems }) {
    for (const { name: system } of systems) {
      const own = methods.filter((method) => method.system === system);
      // One line says as much as one for every method.
      if (own.length > 0 && own.every(({ allowed }) => allowed === null)) {
        yield {
          subject: refToSystem(system),
          sound: undefined,
          seen: `TrueNAS does not tell whether the ${counted(own.length, 'method')} this tool calls may be called`,
        };
        continue;
      }
      for (const method of own) {
        yield { subject: refOnSystem('Method', system, method.name), ...judge(method) };
      }
    }
  },
});
