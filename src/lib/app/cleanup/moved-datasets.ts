import { movedDatasets } from '../../core/cleanup/moved.ts';
import { runView } from '../../core/cleanup/run-view.ts';
import { MonitorError } from '../../core/model/errors.ts';
import { type CleanupStore } from '../../ports/cleanup-store.ts';
import { type Logger } from '../../ports/logger.ts';
import { type MovedDatasets } from '../../ports/moved-datasets.ts';

/** What the journals of runs say was moved. One that is damaged says nothing: its datasets are then taken for copies, and kept. */
export function movedInRuns(store: Pick<CleanupStore, 'runs'>, logger: Logger): MovedDatasets {
  return {
    load: async () => {
      try {
        const journals = await store.runs();
        const whole = journals.filter(({ damage }) => damage === null);
        return movedDatasets(whole.flatMap(({ entries }) => runView(entries) ?? []));
      } catch (error) {
        if (!(error instanceof MonitorError)) throw error;
        logger.log('warn', `what clean-up has moved is not known: ${error.message}`);
        return [];
      }
    },
  };
}
