import { type RunMode, type RunObserver } from '../../app/cleanup/requests.ts';
import { type Console } from '../base-command.ts';

/** For whoever only waits: what was approved is carried out, and stderr says how far it has come. */
export function quietObserver(
  { logger, progress }: Pick<Console, 'logger' | 'progress'>,
  mode: RunMode,
): RunObserver {
  return {
    step: ({ step, state, detail }) => {
      progress.step(`${step.id} ${step.title}`, 0, 0);
      // Of a dry run nothing has become of anything.
      if (state === null || mode === 'rehearse') return;
      const isGood = state === 'done' || state === 'rolled_back';
      logger.log(isGood ? 'info' : 'warn', `${step.id} ${state}: ${detail ?? step.title}`);
    },
    note: (line) => {
      logger.log('warn', line);
    },
    confirm: () => Promise.resolve('yes'),
  };
}
