import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Logger } from '../ports/logger.ts';
import { type MovedDatasets } from '../ports/moved-datasets.ts';

/** What runs that are kept below a directory have moved. Only who has ever cleaned up pays for reading journals. */
export function movedBelow(directory: string, logger: Logger): MovedDatasets {
  return {
    load: async () => {
      if (!existsSync(join(directory, 'runs'))) return [];
      const { movedInRuns } = await import('../app/cleanup/moved-datasets.ts');
      const { fileCleanupStore } = await import('../adapters/store/cleanup/file-store.ts');
      return await movedInRuns(fileCleanupStore(directory), logger).load();
    },
  };
}
