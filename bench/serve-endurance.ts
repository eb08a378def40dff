// Scan after scan: what the process holds after each, and whether that grows.
import { setTimeout as wait } from 'node:timers/promises';
import { type LabProcess } from './lab-client.ts';
import { type Measurements } from './serve-load.ts';
import { type ServeProcess } from './serve-process.ts';
import { median, percentile, slopeOf } from './statistics.ts';
import { budgetRow, fixed, table } from './table.ts';

export interface EnduranceSetting {
  readonly served: ServeProcess;
  readonly lab: LabProcess;
  readonly scans: number;
  readonly say: (text: string) => void;
}

/** Volumes whose datasets go before each scan, while those of the last time come back: an estate stands never still. */
const CHANGED = 5;
/** In MB. */
const MOST = 300;
/** By how much the line through the last half may rise over it, as a part of what is held: what is flat wavers. */
const FLAT = 0.05;
/** After so many of them it is said how long the rest takes. */
const FIRST = 3;
const ROWS = 10;

interface Sample {
  readonly rssMb: number;
  readonly exposedMb: number;
  readonly peakMb: number;
  readonly ms: number;
}

/** Both threads give back what they can once a scan is handed over, in milliseconds. Scans that are asked for are minutes apart. */
const AT_REST = 1_500;

async function sample({ served, lab }: EnduranceSetting): Promise<Sample> {
  await lab.change(CHANGED);
  const ms = await served.scan();
  await wait(AT_REST);
  const exposedMb = (await served.numberOf('process_resident_memory_bytes')) / 1024 / 1024;
  return { ...served.memory(), exposedMb, ms };
}

async function sampleAll(setting: EnduranceSetting): Promise<readonly Sample[]> {
  const { scans, say } = setting;
  const samples: Sample[] = [];
  for (let scan = 1; scan <= scans; scan += 1) {
    const taken = await sample(setting);
    samples.push(taken);
    if (scan === Math.min(FIRST, scans)) {
      const left = (median(samples.map(({ ms }) => ms)) * (scans - scan)) / 60_000;
      say(`${scans - scan} scans more will take about ${fixed(left, 1)} min`);
    }
    if (scan % Math.max(1, Math.floor(scans / 20)) === 0) {
      say(`scan ${scan} of ${scans}: ${fixed(taken.rssMb)} MB, ${fixed(taken.ms)} ms`);
    }
  }
  return samples;
}

/** Groups of samples that are about as many each, in order. */
function grouped(samples: readonly Sample[]): readonly (readonly string[])[] {
  const size = Math.ceil(samples.length / ROWS);
  return Array.from({ length: Math.ceil(samples.length / size) }, (_, group) => {
    const part = samples.slice(group * size, (group + 1) * size);
    const of = (pick: (each: Sample) => number): readonly number[] => part.map(pick);
    return [
      `${group * size + 1} to ${group * size + part.length}`,
      fixed(median(of(({ rssMb }) => rssMb))),
      fixed(
        percentile(
          of(({ rssMb }) => rssMb),
          1,
        ),
      ),
      fixed(median(of(({ exposedMb }) => exposedMb))),
      fixed(
        percentile(
          of(({ peakMb }) => peakMb),
          1,
        ),
      ),
      fixed(median(of(({ ms }) => ms))),
    ];
  });
}

export async function measureEndurance(setting: EnduranceSetting): Promise<Measurements> {
  const samples = await sampleAll(setting);
  const half = samples.slice(samples.length >> 1).map(({ rssMb }) => rssMb);
  const slope = slopeOf(half);
  const rise = (slope * (half.length - 1)) / median(half);
  const head = ['scans', 'RSS MB', 'most RSS MB', 'as exposed MB', 'peak so far MB', 'scan ms'];
  return {
    lines: [
      `${samples.length} scans, before each of which the datasets of ${CHANGED} volumes go and those of the time before come back. What is resident is read 1.5 s after each, when both threads are at rest, from /proc and from`,
      '`process_resident_memory_bytes`; the peak is that of the process since its start, in the middle of a scan as well.',
      '',
      table(head, grouped(samples)),
      '',
      `The line through the last half rises by ${fixed(slope * 100, 1)} MB in 100 scans, which is ${fixed(rise * 100, 1)} % over that half: ${rise <= FLAT ? 'flat' : 'not flat'}.`,
    ],
    budgets: [
      budgetRow(
        'between scans, most RSS, MB',
        MOST,
        percentile(
          samples.map(({ rssMb }) => rssMb),
          1,
        ),
      ),
      budgetRow('rise over the last half, % of its median', FLAT * 100, rise * 100),
    ],
  };
}
