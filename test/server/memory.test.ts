import { describe, expect, it } from 'vitest';
import { type ServedScan } from '../../src/lib/core/serve/served-scan.ts';
import { aFinding } from '../support/report-builders.ts';
import { heldOnTo } from '../support/garbage.ts';
import { type Served, serveScans } from '../support/served.ts';
import { ALL_WELL, aServedScan } from '../support/served-scans.ts';

/** Scans in a row in which findings come and go, move, and the health changes: whatever can be told of a scan is. */
async function scanOften(served: Served): Promise<ReadonlyMap<string, WeakRef<ServedScan>>> {
  const scans = new Map<string, WeakRef<ServedScan>>();
  for (const [index, id] of ['scan-1', 'scan-2', 'scan-3', 'scan-4', 'scan-5'].entries()) {
    const scan = aServedScan(id, {
      findings: [aFinding({ id: `finding-${String(index)}` })],
      health: { ...ALL_WELL, overall: index % 2 === 0 ? 'PASS' : 'FAIL' },
    });
    scans.set(id, new WeakRef(scan));
    served.engine.play(scan);
    await served.scanAgain();
    await served.server.inject('/api/v1/orphans');
    await served.server.inject('/api/v1/reports/detailed');
  }
  return scans;
}

describe('a server that scans again and again', () => {
  it('holds on to the last scan alone, however many events it remembers', async () => {
    await using served = await serveScans({ results: [aServedScan('scan-0')] });
    const scans = await scanOften(served);
    expect(await heldOnTo(scans)).toEqual(['scan-5']);
  });
});
