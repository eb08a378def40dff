// Another process with the same history. What it does, where, and which one it is, come as arguments.
import { type HistoryRecord } from '../../../../src/lib/core/model/history.ts';
import { bytes } from '../../../../src/lib/core/model/units.ts';
import { aHistory, aSample, aSpace, aVolume, before, DAY } from './samples.ts';

const [task = '', path = '', which = '0'] = process.argv.slice(2);
const history = aHistory(path);

/** Scans of a system of its own, none at the same instant as another process has one. */
async function recordMany(count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const at = before(10 * DAY - index * 60_000 - Number(which));
    const volumes = [aVolume({ hostId: `h${which}`, used: bytes(2 ** index) })];
    const { state } = await history.record(aSample({ at, volumes }));
    process.stdout.write(`${state}\n`);
  }
}

/** Far more than stays in memory, and no end to it. */
async function* endless(): AsyncGenerator<HistoryRecord> {
  for (let index = 0; index < 120_000; index += 1) {
    const point = { at: before(DAY + index), ...aSpace() };
    yield { kind: 'volume', ...aVolume({ dataset: `tank/${index % 1_000}` }), point };
  }
  process.stdout.write('written\n');
  await new Promise((resolve) => setTimeout(resolve, 60_000));
}

if (task === 'record') await recordMany(12);
else await history.import(endless());
