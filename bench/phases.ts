// How long each phase of one scan took, from the instants in its log.

/** Messages that end a phase, and what the phase is called. */
const ENDS: Readonly<Record<string, string>> = {
  started: 'start-up',
  read: 'first read',
  judged: 'judge',
  'read again': 'second read',
  confirmed: 'judge again',
  kept: 'keep',
};

export interface Phase {
  readonly name: string;
  readonly ms: number;
}

/**
 * @param log what the scan wrote to stderr with `--log-level debug --log-format json`
 * @param started when its process was started, and when it had ended
 */
export function phasesOf(log: string, started: number, ended: number): readonly Phase[] {
  const phases: Phase[] = [];
  let last = started;
  for (const line of log.split('\n').filter((each) => each.startsWith('{'))) {
    // Written by our own logger, in this shape.
    const { message, time } = JSON.parse(line) as { message: string; time: string };
    const name = ENDS[message];
    if (name === undefined) continue;
    phases.push({ name, ms: Date.parse(time) - last });
    last = Date.parse(time);
  }
  return [...phases, { name: 'render and end', ms: ended - last }];
}
