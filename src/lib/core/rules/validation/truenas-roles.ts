import { type SystemIdentity } from '../../model/inventory.ts';
import { refToSystem } from '../../model/surroundings.ts';
import { type NasAccount } from '../../model/truenas-surroundings.ts';
import { firstFew } from '../../render/text/format.ts';
import { defineCheck, type Inspection } from '../define-check.ts';

const EVERYTHING = 'FULL_ADMIN';
/** Stands for every role that ends in `_READ`. */
const READS = 'READONLY_ADMIN';

function describe(username: string, roles: readonly string[]): string {
  if (roles.length === 0) return `${username} has no role at all`;
  if (roles.includes(READS)) return `${username} has the role ${READS}`;
  return `${username} has ${firstFew(roles.toSorted(), 4)}`;
}

function judge(
  { username, roles }: NasAccount,
  identity: SystemIdentity | undefined,
): Omit<Inspection, 'subject'> {
  if (identity?.transport === 'rest') {
    return { sound: true, seen: `${username} is an administrator, as REST asks for` };
  }
  if (roles === null) {
    return { sound: undefined, seen: `TrueNAS does not tell which roles ${username} has` };
  }
  return roles.includes(EVERYTHING)
    ? { sound: false, seen: `${username} has the role ${EVERYTHING}, and needs to read only` }
    : { sound: true, seen: describe(username, roles) };
}

export const truenasRoles = defineCheck({
  id: 'truenas-roles',
  category: 'validation',
  severity: 'low',
  component: 'permissions',
  title: 'The TrueNAS account may do no more than it has to',
  scope: 'system',
  subjects: ['System'],
  requires: ['account', 'systems'],
  consults: [],
  steps: [
    'Make a user for this tool and put it into the group of the privilege Read-Only Administrator, which has the role READONLY_ADMIN.',
    'Make an API key for that user, and give both as `truenas.username` and `truenas.api_key_file`.',
  ],

  *inspect({ account, systems }) {
    for (const each of account) {
      const identity = systems.find(({ name }) => name === each.system);
      yield { subject: refToSystem(each.system), ...judge(each, identity) };
    }
  },
});
