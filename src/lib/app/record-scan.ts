import { sampleOf } from '../core/history/sample-of.ts';
import { whyNotRecordable } from '../core/history/recordable.ts';
import { type ScanSample } from '../core/model/history.ts';
import { type Report } from '../core/model/report.ts';
import { type Recorded } from '../ports/history.ts';
import { type Judgement } from './judge-fresh.ts';
import { type ScanPorts, type ScanRequest } from './scan-request.ts';

/**
 * Adds a scan to the history where it says enough of its estate. Whatever becomes of that, the scan is what it is: a store that
 * cannot take it is a warning.
 */
export async function recordScan(
  ports: Pick<ScanPorts, 'history' | 'logger'>,
  request: Pick<ScanRequest, 'rules' | 'filter'>,
  { report, judgement }: { readonly report: Report; readonly judgement: Judgement },
): Promise<void> {
  const why = whyNotRecordable(request, report);
  const sampled =
    why === null
      ? sampleOf({ evidence: judgement, outcomes: judgement.outcomes, report })
      : ({ state: 'none', reason: why } as const);
  if (sampled.state === 'none') {
    // That what was kept is judged again is nothing to report: history heard of it when it was read.
    const level = report.cachedFor === null ? 'info' : 'debug';
    ports.logger.log(level, 'this scan is not one for the history', { reason: sampled.reason });
    return;
  }
  const recorded = await record(ports, sampled.sample);
  if (recorded.state === 'kept') ports.logger.log('debug', 'recorded');
  else ports.logger.log('warn', `the scan was not added to the history: ${recorded.reason}`);
}

/** A store of somebody else's may throw what it likes. */
async function record(
  { history }: Pick<ScanPorts, 'history'>,
  sample: ScanSample,
): Promise<Recorded> {
  try {
    return await history.record(sample);
  } catch (error) {
    return { state: 'not-kept', reason: error instanceof Error ? error.message : String(error) };
  }
}
