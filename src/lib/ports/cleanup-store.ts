import { type Actor, type JournalEntry } from '../core/cleanup/journal-schema.ts';

/** A journal as it was found. */
export interface StoredJournal {
  /** Id of the plan or run. */
  readonly id: string;
  /** Where it lies, for people. */
  readonly path: string;
  readonly entries: readonly JournalEntry[];
  /** Why it is not to be believed, such as `line 7 is not what was written`; null where it is whole. */
  readonly damage: string | null;
}

/** A journal that can be added to. */
export interface Journal extends StoredJournal {
  /** Returns once the entry is on the disk. Throws a `CleanupStoreError` where it is not: then nothing may be done. */
  append(entry: JournalEntry): Promise<void>;
}

/** Plans and runs, kept on this machine. */
export interface CleanupStore {
  /** Oldest first. */
  plans(): Promise<readonly StoredJournal[]>;
  runs(): Promise<readonly StoredJournal[]>;
  /** Makes the journal of a plan or run with its first entry. Throws where there is one. */
  create(kind: 'plan' | 'run', id: string, first: JournalEntry): Promise<Journal>;
  /** Throws a `CleanupStoreError` where there is none, or it is damaged. A last line that was cut short was never acted on, and is dropped. */
  open(kind: 'plan' | 'run', id: string): Promise<Journal>;
}

/** That nobody else cleans up. */
export interface HeldLock extends AsyncDisposable {
  /** Throws a `CleanupLockedError` where it was lost: nothing more may be done. Asked before every change. */
  stillHeld(signal: AbortSignal): Promise<void>;
}

export interface CleanupLock {
  /** Throws a `CleanupLockedError` that says who has it. @param runId a run that was interrupted takes up its own lock again */
  acquire(runId: string, signal: AbortSignal): Promise<HeldLock>;
}

/** Who works with this tool. */
export interface Operator {
  /** As Kubernetes knows them where it can tell, else as this machine does. */
  identify(signal: AbortSignal): Promise<Actor>;
}
