import { combineCoverage, type Listing } from '../../model/coverage.ts';

/** What tells of drivers nobody declared. */
export interface DriverTraces {
  readonly persistentVolumes: Listing<unknown>;
  readonly driverSecrets: Listing<unknown>;
}

/** Why drivers may be at work that nothing here tells of; undefined where all that would tell of them was read. */
export function unseenDrivers({
  persistentVolumes,
  driverSecrets,
}: DriverTraces): string | undefined {
  return unreadAmong([persistentVolumes, driverSecrets]);
}

/** Why absence from any of these lists proves nothing; undefined where it does. */
export function unreadAmong(lists: readonly Listing<unknown>[]): string | undefined {
  const coverage = combineCoverage(lists.map((list) => list.coverage));
  return coverage.state === 'partial' || coverage.state === 'failed' ? coverage.reason : undefined;
}
