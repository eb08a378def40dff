import { type MovedDataset } from '../core/model/moved-dataset.ts';

/** What clean-up has marked or moved, kept on this machine. Does not throw: a journal that cannot be believed tells nothing. */
export interface MovedDatasets {
  load(): Promise<readonly MovedDataset[]>;
}
