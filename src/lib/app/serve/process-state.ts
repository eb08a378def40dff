import { type CircuitState, type ProcessState } from '../../core/serve/readiness.ts';
import { type Monitor } from './monitor.ts';

/** What is known of the process that serves, followed from the events of its monitor. */
export function followProcess(monitor: Pick<Monitor, 'listen'>, ending: AbortSignal): ProcessState {
  const circuits = new Map<string, CircuitState>();
  monitor.listen((event) => {
    if (event.kind !== 'engine') return;
    // A thread that is started anew knows nothing of the circuits of the one before.
    if (event.event.kind === 'lost') circuits.clear();
    if (event.event.kind === 'circuit') circuits.set(event.event.member, event.event.state);
  });
  return {
    circuits,
    get ending() {
      return ending.aborted;
    },
  };
}
