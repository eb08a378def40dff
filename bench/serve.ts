// What `serve` takes and bears: many clients, scans under them, events for everybody, and scan after scan.
// Usage: npm run bench:serve -- [--parts load,events,endurance] [--size 10000] [--clients 100] [--seconds 30] [--scans 50] [--event-scans 5]
//   [--program executable|package] [--node-option --cpu-prof] [--output FILE]
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type LabProcess, startLabProcess } from './lab-client.ts';
import { measureEndurance } from './serve-endurance.ts';
import { measureEvents } from './serve-events.ts';
import { measureLoad, type Measurements } from './serve-load.ts';
import { ServeProcess } from './serve-process.ts';
import { table } from './table.ts';

const PARTS = ['load', 'events', 'endurance'] as const;
type PartName = (typeof PARTS)[number];

const TITLES: Readonly<Record<PartName, string>> = {
  load: 'Load',
  events: 'Events',
  endurance: 'Endurance',
};

const { values: options } = parseArgs({
  options: {
    parts: { type: 'string', default: PARTS.join(',') },
    size: { type: 'string', default: '10000' },
    clients: { type: 'string', default: '100' },
    seconds: { type: 'string', default: '30' },
    // A short run. A thousand tell whether a process can live for months, and take an hour or more.
    scans: { type: 'string', default: '50' },
    'event-scans': { type: 'string', default: '5' },
    program: { type: 'string', default: 'executable' },
    'node-option': { type: 'string', multiple: true, default: [] },
    output: { type: 'string', default: 'bench/results-serve.md' },
  },
});

/** Nothing here runs for ever, whoever asks for it. */
function bounded(name: 'size' | 'clients' | 'seconds' | 'scans' | 'event-scans', most: number) {
  const value = Number(options[name]);
  if (Number.isSafeInteger(value) && value >= 1 && value <= most) return value;
  throw new Error(`--${name} is a whole number from 1 to ${most}`);
}

const root = path.join(import.meta.dirname, '..');
const setting = {
  size: bounded('size', 100_000),
  // Streams of events are limited to 200.
  clients: bounded('clients', 190),
  seconds: bounded('seconds', 600),
  scans: bounded('scans', 5_000),
  eventScans: bounded('event-scans', 50),
};
const command =
  options.program === 'package'
    ? ([process.execPath, ...options['node-option'], path.join(root, 'bin/run.js')] as const)
    : ([path.join(root, 'dist/truenas-monitor')] as const);
const wanted = PARTS.filter((part) => options.parts.split(',').includes(part));
const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

async function measure(
  part: PartName,
  served: ServeProcess,
  lab: LabProcess,
): Promise<Measurements> {
  const { clients, seconds, scans, eventScans } = setting;
  switch (part) {
    case 'load':
      return await measureLoad({ served, lab, clients, seconds });
    case 'events':
      return await measureEvents({ served, lab, clients, scans: eventScans });
    case 'endurance':
      return await measureEndurance({ served, lab, scans, say });
  }
}

/** Each of them has a process and a lab of its own, so that none finds what another left. */
async function run(part: PartName, work: string): Promise<Measurements> {
  say(`${part} …`);
  using lab = await startLabProcess(setting.size, '25.10');
  await using served = await ServeProcess.start({
    work: path.join(work, part),
    command,
    lab: lab.address,
  });
  return await measure(part, served, lab);
}

/** @param load of the machine before anything was started: what others do meanwhile is in every figure */
function sectionOf({ lines, budgets }: Measurements, load: number): string {
  const program = options.program === 'package' ? 'npm package' : 'executable';
  const day = new Date().toISOString().slice(0, 10);
  const machine = `${process.platform}/${process.arch}, ${cpus().length} cores, Node ${process.versions.node}`;
  return [
    `Measured ${day}, ${machine}, the ${program}, ${setting.size} volumes. The load average before it was ${load.toFixed(1)}.`,
    '',
    ...lines,
    '',
    table(['what', 'budget', 'measured', ''], budgets),
  ].join('\n');
}

/** Sections of what was written before: whoever measures one part keeps the others. */
function sectionsIn(file: string): Map<string, string> {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const sections = text.split(/^## /m).slice(1);
  return new Map(
    sections.map((section) => {
      const end = section.indexOf('\n');
      return [section.slice(0, end), section.slice(end).trim()];
    }),
  );
}

function textOf(sections: ReadonlyMap<string, string>): string {
  return [
    '# Results of serve',
    '',
    'Written by `npm run bench:serve`, from the executable of `npm run build:binary` where nothing else is said; parts that a run leaves out stay as they were. The lab, the service and its',
    "clients are a process each on the same machine: where it has two cores, they get in each other's way more than a network would. Machines differ and are noisy:",
    'compare with the server that does nothing.',
    '',
    ...PARTS.flatMap((part) => [
      `## ${TITLES[part]}`,
      '',
      sections.get(TITLES[part]) ?? 'Not measured yet.',
      '',
    ]),
  ].join('\n');
}

const work = mkdtempSync(path.join(tmpdir(), 'truenas-monitor-bench-'));
try {
  const output = path.resolve(root, options.output);
  const sections = output.startsWith('/dev/') ? new Map<string, string>() : sectionsIn(output);
  for (const part of wanted) {
    const [load = NaN] = loadavg();
    const measured = await run(part, work);
    sections.set(TITLES[part], sectionOf(measured, load));
    if (measured.budgets.some(([, , , verdict]) => verdict !== 'met')) process.exitCode = 1;
    // Whatever becomes of the next one, which may take hours.
    writeFileSync(output, textOf(sections));
  }
  process.stdout.write(textOf(sections));
} finally {
  rmSync(work, { recursive: true, force: true });
}
