import { type CleanupSettings } from '../../core/cleanup/settings.ts';
import { type CleanupLock, type CleanupStore, type Operator } from '../../ports/cleanup-store.ts';
import { type Writers } from '../../ports/change-writer.ts';
import { type Pause } from '../../ports/pause.ts';
import { type ScanPorts, type ScanRequest } from '../scan-request.ts';

/** The outside world as clean-up needs it. */
export interface CleanupPorts extends ScanPorts {
  readonly writers: Writers;
  readonly store: CleanupStore;
  readonly lock: CleanupLock;
  readonly operator: Operator;
  readonly pause: Pause;
}

/** How a scan for clean-up is made: always of everything, and always anew. */
export interface CleanupScan extends Pick<
  ScanRequest,
  'drivers' | 'policy' | 'ignore' | 'wholeEstate' | 'cacheKey' | 'signal'
> {
  readonly settings: CleanupSettings;
  readonly toolVersion: string;
}
