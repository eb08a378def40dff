import { spawn } from 'node:child_process';
import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';

/*
 * Everything a change has to pass, quick steps first, stopping at the first that fails. The linter runs beside those
 * before the tests, since it takes as long as they do together; nothing runs beside the tests. The last line counts
 * the tests; the line before it says how many of the skipped ones miss a tool on this machine.
 */

const root = path.join(import.meta.dirname, '..');
const cache = path.join(root, 'node_modules/.cache/check');
const testResults = path.join(cache, 'vitest.json');

interface Step {
  readonly name: string;
  readonly command: readonly [program: string, ...args: string[]];
}

// Without its cache: that knows which files changed, not which types did, and keeps silent about the rest.
const lint: Step = { name: 'lint', command: ['eslint', '.'] };

const beforeTests: readonly Step[] = [
  { name: 'generated files', command: [process.execPath, 'scripts/generate.ts', '--check'] },
  {
    name: 'import directions',
    command: ['depcruise', '--config', '.dependency-cruiser.cjs', 'src'],
  },
  { name: 'dead code', command: ['knip'] },
  { name: 'types', command: ['tsc', '-p', 'test/tsconfig.json'] },
  { name: 'format', command: ['prettier', '--check', '--log-level', 'warn', '.'] },
  { name: 'clean', command: [process.execPath, 'scripts/clean.ts'] },
  { name: 'build', command: ['tsc', '-p', 'tsconfig.json'] },
  { name: 'command manifest', command: ['oclif', 'manifest'] },
  { name: 'executable', command: [process.execPath, 'scripts/build-binary.ts', '--quick'] },
];

const tests: Step = {
  name: 'tests',
  command: [
    ...(['vitest', 'run', '--coverage'] as const),
    ...['--reporter=default', '--reporter=json', `--outputFile.json=${testResults}`],
  ],
};

interface Outcome {
  readonly passed: boolean;
  readonly output: string;
}

/** Runs a step with the project's own programs first in the path, and keeps what it says. */
function run({ command: [program, ...args] }: Step, signal?: AbortSignal): Promise<Outcome> {
  const programs = path.join(root, 'node_modules/.bin');
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: root,
      env: { ...process.env, PATH: `${programs}${path.delimiter}${process.env['PATH'] ?? ''}` },
      stdio: ['ignore', 'pipe', 'pipe'],
      signal,
    });
    let output = '';
    const keep = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => {
      resolve({ passed: false, output: `${program}: ${error.message}\n` });
    });
    child.on('close', (code) => {
      resolve({ passed: code === 0, output });
    });
  });
}

interface TestResults {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly status: string;
      readonly meta: { readonly missingTool?: string };
    }[];
  }[];
}

/** Runs a step and says how it went; what is left off half-way says nothing. */
async function pass(step: Step, signal?: AbortSignal): Promise<boolean> {
  const started = performance.now();
  const { passed, output } = await run(step, signal);
  if (signal?.aborted === true) return false;
  const took = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${passed ? 'ok    ' : 'FAILED'}  ${step.name.padEnd(18)} ${took.padStart(6)} s`);
  if (!passed) console.log(`\n${output}`);
  return passed;
}

/** Whichever fails first ends the others. */
async function passBeforeTests(): Promise<boolean> {
  const failing = new AbortController();
  const passOrEnd = async (step: Step): Promise<boolean> => {
    const passed = await pass(step, failing.signal);
    if (!passed) failing.abort();
    return passed;
  };
  const others = async (): Promise<boolean> => {
    for (const step of beforeTests) if (!(await passOrEnd(step))) return false;
    return true;
  };
  const passed = await Promise.all([passOrEnd(lint), others()]);
  return passed.every(Boolean);
}

/** The tests as vitest counted them; undefined where it did not come that far. */
async function readTestResults(): Promise<TestResults | undefined> {
  try {
    return JSON.parse(await readFile(testResults, 'utf8')) as TestResults;
  } catch {
    return undefined;
  }
}

function printTestCounts(results: TestResults): void {
  const missing = results.testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status !== 'passed' && status !== 'failed')
    .flatMap(({ meta }) => meta.missingTool ?? []);
  const tools = [...new Set(missing)].join(', ');
  const skipped = results.numPendingTests + results.numTodoTests;
  console.log(`skipped for a missing tool: ${missing.length}${tools === '' ? '' : ` (${tools})`}`);
  console.log(
    `${results.numPassedTests} passed, ${results.numFailedTests} failed, ${skipped} skipped`,
  );
}

await mkdir(cache, { recursive: true });
await rm(testResults, { force: true });
if (!(await passBeforeTests()) || !(await pass(tests))) process.exitCode = 1;
const results = await readTestResults();
if (results !== undefined) printTestCounts(results);
