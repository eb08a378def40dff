import { type LogFields } from '../../ports/logger.ts';

/**
 * Everything that may stand beside a message in the log of a server. What is not in here is left out, whoever logs it: a new field is
 * written only once somebody has thought about what it may hold.
 */
const ALLOWED: ReadonlySet<string> = new Set([
  // Who and what for.
  'request',
  'scan',
  'caller',
  'by',
  'role',
  'run',
  'plan',
  'plan_hash',
  // Requests.
  'method',
  'route',
  'status',
  'duration_ms',
  'bytes',
  // Both sides.
  'cluster',
  'system',
  'source',
  'state',
  'circuit',
  'items',
  'steps',
  'count',
  'volumes',
  'candidates',
  'findings',
  'attempt',
  'delay_ms',
  'trigger',
  'phase',
  // Why.
  'code',
  'reason',
  // This process.
  'address',
  'metrics',
  'docs',
  'directory',
  'path',
  'file',
  'log_level',
  'signal',
  'version',
  'stack',
  'scenario',
  'now',
]);

/** What of these fields may be written. */
export function allowedFields(fields: Readonly<Record<string, unknown>>): LogFields {
  const allowed: Record<string, string | number | boolean> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (!ALLOWED.has(name)) continue;
    // An object may hold anything, and print itself as it likes.
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      allowed[name] = value;
    }
  }
  return allowed;
}
