import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { type DriverEntry } from '../src/lib/lab/scenario/world.ts';

/** Where the lab listens, and what it accepts. */
export interface LabAddress {
  /** Names the world gives them, which its drivers refer to. */
  readonly cluster: string;
  readonly system: string;
  readonly kubernetesUrl: string;
  readonly token: string;
  readonly kubeconfig: string;
  readonly truenasUrl: string;
  readonly username: string;
  readonly apiKey: string;
  readonly now: string;
  readonly drivers: readonly DriverEntry[];
}

/** What was asked of the lab so far. */
export interface LabTraffic {
  readonly paths: readonly string[];
  readonly calls: readonly {
    readonly method: string;
    readonly params: unknown;
    readonly path?: string;
  }[];
}

export interface LabProcess extends Disposable {
  readonly address: LabAddress;
  traffic(): Promise<LabTraffic>;
  /** Takes what so many volumes lie on out of the system, and puts back what it took before. */
  change(count: number): Promise<void>;
}

async function ask(child: ChildProcess, question: string | null): Promise<unknown> {
  const answer = once(child, 'message');
  if (question !== null) child.send(question);
  const [message] = (await answer) as [unknown];
  return message;
}

/** Starts the lab with a fleet of `size` volumes in a process of its own. */
/** @param secure whether the cluster speaks TLS: kubectl sends its token over nothing else */
export async function startLabProcess(
  size: number,
  version: string,
  secure = false,
): Promise<LabProcess> {
  const args = [String(size), version, ...(secure ? ['secure'] : [])];
  const child = fork(new URL('lab-process.ts', import.meta.url), args, {
    execArgv: ['--max-old-space-size=8192'],
  });
  // Both messages come from our own script, in the shapes it declares.
  const address = (await ask(child, null)) as LabAddress;
  return {
    address,
    traffic: async () => (await ask(child, 'traffic')) as LabTraffic,
    change: async (count) => {
      await ask(child, `change ${count}`);
    },
    [Symbol.dispose]: () => {
      child.kill();
    },
  };
}
