import { type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RealCleanup } from './real-cleanup.ts';

/** When a process is killed that cleans up. */
export type KillMoment =
  | {
      readonly at: 'truenas' | 'kubernetes';
      /** How many requests went well before. */
      readonly after: number;
      /** Whether the server still does what it is asked by the one that is gone. */
      readonly acts: boolean;
    }
  | {
      /** As soon as the journal of its run has so many lines. */
      readonly at: 'journal';
      readonly lines: number;
    };

export function nameOfMoment(moment: KillMoment): string {
  if (moment.at === 'journal') return `once ${moment.lines} lines are in the journal`;
  const { at, after, acts } = moment;
  return `at request ${after + 1} to ${at}, which is ${acts ? 'carried out' : 'lost'}`;
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/** What was broken to kill a process. */
export interface Broken {
  readonly heal: () => void;
}

/** Sees to it that a process is killed at that moment. */
export function killAt(site: RealCleanup, child: ChildProcess, moment: KillMoment): Broken {
  if (moment.at === 'journal') return killAtLines(site, child, moment.lines);
  const { at, after, acts } = moment;
  const { truenas, kubernetes } = site;
  let left = after;
  const onRequest = async (): Promise<void> => {
    left -= 1;
    if (left !== -1) return;
    await kill(child);
    if (acts) return;
    truenas.faults.lostRequests = ['*'];
    kubernetes.faults.unauthorized = true;
  };
  if (at === 'truenas') truenas.faults.onCall = onRequest;
  else if (acts) kubernetes.faults.onAnswer = onRequest;
  else kubernetes.faults.onArrival = onRequest;
  return {
    heal: () => {
      truenas.faults.onCall = undefined;
      truenas.faults.lostRequests = undefined;
      kubernetes.faults.onArrival = undefined;
      kubernetes.faults.onAnswer = undefined;
      kubernetes.faults.unauthorized = undefined;
    },
  };
}

function killAtLines(site: RealCleanup, child: ChildProcess, lines: number): Broken {
  const timer = setInterval(() => {
    if (linesOfRuns(site.stateDirectory) >= lines) child.kill('SIGKILL');
  }, 1);
  return {
    heal: () => {
      clearInterval(timer);
    },
  };
}

export function linesOfRuns(stateDirectory: string): number {
  const folder = join(stateDirectory, 'runs');
  try {
    return readdirSync(folder)
      .map((name) => readFileSync(join(folder, name), 'utf8').split('\n').length - 1)
      .reduce((sum, each) => sum + each, 0);
  } catch {
    // Nothing has begun.
    return 0;
  }
}
