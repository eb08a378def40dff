import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };
import { plainPalette } from '../src/lib/core/render/text/palette.ts';
import { renderReport } from '../src/lib/core/render/registry.ts';
import { demo } from '../src/lib/lab/scenario/demo.ts';
import { runWorld } from './support/scan-scenario.ts';

const root = path.join(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const documents = globSync(['*.md', 'docs/**/*.md'], { cwd: root }).sort();

/** Relative targets of the links of a document, without their fragments. */
function linksOf(file: string): string[] {
  return [...read(file).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !target.includes('://'));
}

describe('the documents', () => {
  test.each(documents)('%s links to files that exist', (file) => {
    const missing = linksOf(file).filter(
      (target) => !existsSync(path.join(root, path.dirname(file), target)),
    );
    expect(missing).toEqual([]);
  });

  test.each(documents)('%s names npm scripts that exist', (file) => {
    const named = [...read(file).matchAll(/npm run ([a-z:]+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !Object.hasOwn(packageJson.scripts, name))).toEqual([]);
  });

  test('the index of decisions lists every one, numbered without a gap', () => {
    const decisions = globSync('docs/adr/0*.md', { cwd: root })
      .map((file) => path.basename(file))
      .sort();
    expect(linksOf('docs/adr/README.md')).toEqual(decisions);
    expect(decisions.map((file) => Number(file.slice(0, 4)))).toEqual(
      decisions.map((_, at) => at + 1),
    );
  });
});

test('CI runs the test command of the README', () => {
  const lines = read('.ci/run').trim().split('\n');
  expect(read('README.md')).toContain(`\`${lines.at(-1) ?? ''}\``);
});

test('the example of the README is what the demo prints on a terminal of 100 columns', async () => {
  await using world = await runWorld(demo.build('25.10'));
  const report = await world.scan();
  const printed = renderReport(report, 'table', { columns: 100, palette: plainPalette }).split(
    '\n',
  );
  const example = /```console\n(.*?)```/s.exec(read('README.md'))?.[1] ?? '';
  // Left out are the prompt, the time it took, and where lines were cut.
  const shown = example.split('\n').filter((line) => !/^(?:\$ |Scanned |…$)/.test(line));
  expect(shown.length).toBeGreaterThan(15);
  expect(shown.filter((line) => !printed.includes(line))).toEqual([]);
});

describe('the architecture page', () => {
  test('names files and folders that exist', () => {
    const named = [
      ...read('docs/architecture.md').matchAll(/`((?:core|app|adapters|lab|cli)\/[\w/.-]+)`/g),
    ].map(([, name = '']) => name);
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => !existsSync(path.join(root, 'src/lib', name)))).toEqual([]);
  });
});
