import { type Adoption, type AdoptionRequest } from '../../core/cleanup/adopt/adoption.ts';
import { adopt, ADOPTION_SOURCES } from '../../core/cleanup/adopt/adopt.ts';
import { correlate } from '../../core/correlate/correlate.ts';
import { listsFor } from '../../core/correlate/sources.ts';
import { type ScanPorts, type ScanRequest } from '../scan-request.ts';
import { collectInventory } from '../scan.ts';

/**
 * What brings datasets back into their clusters, from a fresh look at both sides. Nothing is changed on either. Throws a
 * `CleanupRefusedError` where one of them is not to be brought back.
 */
export async function adoptDatasets(
  ports: ScanPorts,
  wanted: readonly AdoptionRequest[],
  request: Pick<ScanRequest, 'drivers' | 'policy' | 'signal'>,
): Promise<readonly Adoption[]> {
  const inventory = await collectInventory(ports, request, listsFor(ADOPTION_SOURCES));
  ports.progress.finish();
  const evidence = correlate(inventory, request.policy);
  return wanted.map((each) => adopt(each, evidence));
}
