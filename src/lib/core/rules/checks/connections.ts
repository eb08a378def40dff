import { type Connection, type Latency } from '../../model/connection.ts';
import { refToConnected } from '../../model/surroundings.ts';
import { millis } from '../../model/units.ts';
import { counted, formatDuration } from '../../render/text/format.ts';
import { type Inspection } from '../define-check.ts';
import { excerpt } from './excerpt.ts';
import { asSentence } from './wording.ts';

/** Half of all answers take longer than this only where the way or the server is slow: long lists are few. */
const SLOW_MEDIAN = millis(500);
/** The slowest answers are those of long lists, which take their time on a large system. */
const SLOW_TAIL = millis(5_000);

function speed({ p50, p95 }: Latency, requests: number): string {
  return `${counted(requests, 'request')}, half within ${formatDuration(p50)}, 95 % within ${formatDuration(p95)}`;
}

/** Whether one side answered at all; with the reason and the remedy of the failure where it did not. */
export function inspectReach(connection: Connection): Inspection {
  const { host, failure } = connection;
  const subject = refToConnected(connection);
  if (failure === null) {
    return { subject, sound: true, seen: `${host} answers` };
  }
  const seen = excerpt(failure.message);
  if (failure.remediation.length === 0) return { subject, sound: false, seen };
  return { subject, sound: false, seen, steps: failure.remediation.map(asSentence) };
}

/** Whether the answers came fast enough. Of who did not answer, or did not let us in, few if any were timed. */
export function* inspectLatency(connections: readonly Connection[]): Iterable<Inspection> {
  for (const connection of connections) {
    const { host, latency, failure, requests } = connection;
    const subject = refToConnected(connection);
    if (latency === null || failure !== null) {
      const why = failure === null ? 'no answer was timed' : 'it could not be read';
      yield { subject, sound: undefined, seen: `${host}: ${why}` };
      continue;
    }
    const sound = latency.p50 <= SLOW_MEDIAN && latency.p95 <= SLOW_TAIL;
    yield { subject, sound, seen: `${host}: ${speed(latency, requests)}` };
  }
}

/** What to do about slow answers, whichever side gives them. */
export const LATENCY_STEPS: readonly string[] = [
  'Run the check again: a backup, a scrub or a deployment may have been under way.',
  'Measure the way to the host with `ping` and `curl -w`, from where this tool runs.',
  'Look at the load of the API server or of TrueNAS; middlewared answers slowly while it is busy with jobs.',
];
