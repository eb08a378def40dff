import { type Settings } from '../../core/model/settings.ts';
import { type ServedScan } from '../../core/serve/served-scan.ts';
import { composeScan } from '../../core/serve/compose-scan.ts';
import { type Packing } from '../../core/serve/packed-text.ts';
import { loadKept } from '../kept-scan.ts';
import { makeReport, REPORT_LISTS } from '../report.ts';
import { type ScanPorts, type ScanRequest } from '../scan-request.ts';

/** How many days the trends of `serve` look back. */
const DAYS = 30;

export interface ServedScanRequest extends Omit<ScanRequest, 'rules' | 'filter'> {
  /** What the configuration says, for the checks of just that. */
  readonly settings: Settings;
  /** Nothing is read: without a kept scan there is none. */
  readonly keptOnly: boolean;
  /** Goes with every message about it, and names what it found. */
  readonly correlationId: string;
  /** How many volumes have metrics of their own at most; 0 for none. */
  readonly volumeSeries: number;
  /** Makes what is served of it small, which is kept until the next scan. */
  readonly packing: Pick<Packing, 'pack'>;
  /** Of this program. */
  readonly version: string;
}

/** Scans once and makes everything that is served of it; undefined where only a kept scan would do and there is none. */
export async function makeServedScan(
  ports: ScanPorts,
  request: ServedScanRequest,
): Promise<ServedScan | undefined> {
  if (request.keptOnly && (await loadKept(ports, request, REPORT_LISTS)) === undefined) {
    return undefined;
  }
  const made = await makeReport(ports, {
    ...request,
    days: DAYS,
    minSeverity: null,
    previous: null,
  });
  const scan = composeScan(
    request.correlationId,
    made.full,
    made.judgement,
    request.volumeSeries,
    request.packing,
  );
  ports.memory.release();
  return scan;
}
