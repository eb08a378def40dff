import { type Severity } from '../../model/finding.ts';
import { refOnSystem, refToSystem } from '../../model/surroundings.ts';
import { type NasApiKey } from '../../model/truenas-surroundings.ts';
import { elapsed, type Millis } from '../../model/units.ts';
import { formatSpan } from '../../render/text/format.ts';
import { defineCheck, type Inspection } from '../define-check.ts';

const DAY = 86_400_000;

function severityOf(left: Millis): Severity | undefined {
  if (left <= 0) return 'critical';
  if (left < 7 * DAY) return 'high';
  return left < 30 * DAY ? 'medium' : undefined;
}

function judge({ name, expiresAt, revoked }: NasApiKey, now: Date): Omit<Inspection, 'subject'> {
  if (revoked) return { sound: false, seen: `API key ${name} is revoked`, severity: 'critical' };
  if (expiresAt === null) return { sound: true, seen: `API key ${name} never expires` };
  const left = elapsed(now, expiresAt);
  const severity = severityOf(left);
  const seen =
    left > 0
      ? `API key ${name} expires in ${formatSpan(left)}`
      : `API key ${name} expired ${formatSpan(elapsed(expiresAt, now))} ago`;
  return severity === undefined ? { sound: true, seen } : { sound: false, seen, severity };
}

export const apiKeyExpiry = defineCheck({
  id: 'api-key-expiry',
  category: 'validation',
  severity: 'high',
  component: 'permissions',
  title: 'The API key stays valid',
  scope: 'system',
  subjects: ['ApiKey', 'System'],
  requires: ['account'],
  consults: [],
  steps: [
    'Make a new API key for the same user, in the web interface or with `midclt call api_key.create`.',
    'Replace the old one where this tool reads it, then delete the old one in TrueNAS.',
  ],

  *inspect({ account }, { now }) {
    for (const { system, username, key } of account) {
      yield key === null
        ? {
            subject: refToSystem(system),
            sound: undefined,
            seen: `${username} logs in with a password, or its key may not be read`,
          }
        : { subject: refOnSystem('ApiKey', system, key.name), ...judge(key, now) };
    }
  },
});
