import { type RunObserver } from './requests.ts';

/** For whoever does not look on: everything that was approved is wanted. */
export const nobodyLooksOn: RunObserver = {
  step: () => undefined,
  note: () => undefined,
  confirm: () => Promise.resolve('yes'),
};
