import { onTestFinished } from 'vitest';
import {
  type NasOptions,
  openNasWithWriter,
  type OpenedNas,
} from '../../../src/lib/adapters/truenas/nas-reader.ts';
import { millis } from '../../../src/lib/core/model/units.ts';
import {
  type LabSystem,
  TRUENAS_VERSIONS,
  type TrueNasVersion,
} from '../../../src/lib/lab/scenario/world.ts';
import { type TrueNasFaults } from '../../../src/lib/lab/truenas/faults.ts';
import { startTrueNasLab, type TrueNasLab } from '../../../src/lib/lab/truenas/server.ts';
import { AT_ONCE, type LogLine } from './fake-nas.ts';
import { KEY } from './lab-system.ts';

const NOW = new Date('2026-11-22T01:02:03.000Z');

/** Every version, over each transport it can be spoken to. */
export const COMBINATIONS: readonly (readonly [
  name: string,
  version: TrueNasVersion,
  transport: NasOptions['transport'],
])[] = [
  ...TRUENAS_VERSIONS.map((version) => [version, version, 'auto'] as const),
  ['25.04 over REST', '25.04', 'rest'],
  ['25.10 over REST', '25.10', 'rest'],
];

/** A reader and a writer of a server on loopback, closed when the test ends. */
export async function openWriter(
  url: string,
  options: Partial<NasOptions> = {},
  log: LogLine[] = [],
): Promise<OpenedNas> {
  const opened = await openNasWithWriter(
    {
      name: 'nas1',
      url,
      username: 'monitor',
      apiKey: KEY,
      password: null,
      timeout: millis(10_000),
      tls: { verify: true, caFile: null, pinnedSpkiSha256: [], minVersion: 'TLSv1.3' },
      transport: 'auto',
      logger: {
        log: (level, message) => {
          log.push({ level, message });
        },
      },
      ...options,
    },
    AT_ONCE,
  );
  onTestFinished(() => opened.reader.close());
  return opened;
}

export interface ChangingLab extends OpenedNas {
  readonly lab: TrueNasLab;
  /** How often a method has arrived at the lab. */
  readonly countOf: (method: string) => number;
}

export async function openChangingLab(
  system: LabSystem,
  faults: TrueNasFaults = {},
  options: Partial<NasOptions> = {},
  log: LogLine[] = [],
): Promise<ChangingLab> {
  const lab = await startTrueNasLab(system, { now: () => NOW, faults });
  onTestFinished(() => lab.close());
  const opened = await openWriter(lab.url, options, log);
  return {
    ...opened,
    lab,
    countOf: (method) => lab.calls.filter((call) => call.method === method).length,
  };
}
