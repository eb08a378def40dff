import { refToSystem } from '../../model/surroundings.ts';
import { elapsed, millis, type Millis } from '../../model/units.ts';
import { formatSpan } from '../../render/text/format.ts';
import { defineCheck } from '../define-check.ts';

/** Reading clocks one after the other takes seconds by itself. */
const WARNING = millis(60_000);
const FAILURE = millis(5 * 60_000);

interface Difference {
  readonly whose: string;
  /** How far the NAS is ahead. */
  readonly ahead: Millis;
}

function amount({ ahead }: Difference): number {
  return Math.abs(ahead);
}

function worded(difference: Difference): string {
  const { whose, ahead } = difference;
  if (amount(difference) < 1000) return `level with ${whose}`;
  const span = formatSpan(millis(amount(difference)));
  return `${span} ${ahead < 0 ? 'behind' : 'ahead of'} ${whose}`;
}

export const clockSkew = defineCheck({
  id: 'clock-skew',
  category: 'validation',
  severity: 'medium',
  component: 'connection',
  title: 'The clocks of TrueNAS, the clusters and this machine agree',
  scope: 'system',
  subjects: ['System'],
  requires: ['systems', 'clusters'],
  consults: [],
  steps: [
    'Find out which clock is wrong: `date -u` on this machine, on TrueNAS and on a node of the control plane.',
    'Have it synchronised: NTP servers of TrueNAS are under System, General Settings; `timedatectl` shows whether a Linux machine is.',
  ],

  *inspect({ systems, clusters }, { home, takenAt }) {
    const subject = refToSystem(home);
    const clock = systems.find(({ name }) => name === home)?.clock ?? null;
    if (clock === null) {
      yield { subject, sound: undefined, seen: 'its clock could not be read' };
      return;
    }
    const differences = [
      { whose: 'this machine', ahead: elapsed(takenAt, clock) },
      ...clusters.flatMap(({ name, clock: other }) =>
        other === null ? [] : { whose: `cluster ${name}`, ahead: elapsed(other, clock) },
      ),
    ];
    const worst = Math.max(...differences.map(amount));
    const unread = clusters.filter((cluster) => cluster.clock === null);
    const seen = `it is ${differences.map(worded).join(', ')}`;
    if (worst > WARNING) {
      yield { subject, sound: false, seen, severity: worst > FAILURE ? 'high' : 'medium' };
      return;
    }
    yield unread.length === 0
      ? { subject, sound: true, seen }
      : {
          subject,
          sound: undefined,
          seen: `${seen}; the clock of cluster ${unread.map(({ name }) => name).join(', ')} could not be read`,
        };
  },
});
