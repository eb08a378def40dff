import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };
import Explain from '../src/commands/explain.ts';
import { plainPalette } from '../src/lib/core/render/text/palette.ts';
import { renderReport } from '../src/lib/core/render/registry.ts';
import { CHECKS } from '../src/lib/core/rules/check-registry.ts';
import { RULES } from '../src/lib/core/rules/registry.ts';
import { demo } from '../src/lib/lab/scenario/demo.ts';
import { Sandbox } from './support/run-command.ts';
import { runWorld } from './support/scan-scenario.ts';

const root = path.join(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const documents = globSync(['*.md', 'docs/**/*.md'], { cwd: root }).sort();

/** What the README shows of a command, without the prompt, the time it took, and where lines were left out. */
function exampleOf(command: string): string[] {
  const examples = [...read('README.md').matchAll(/```console\n(.*?)```/gs)];
  const example = examples.find(([, text = '']) =>
    text.startsWith(`$ truenas-monitor ${command} `),
  );
  return (example?.[1] ?? '').split('\n').filter((line) => !/^(?:\$ |Scanned |…$)/.test(line));
}

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

  test('are all found by whoever begins with the README and follows links', () => {
    const found = new Set(['README.md']);
    for (const file of found) {
      for (const target of linksOf(file)) {
        const linked = path.join(path.dirname(file), target);
        if (documents.includes(linked)) found.add(linked);
      }
    }
    expect(documents.filter((file) => !found.has(file))).toEqual([]);
  });

  test('the page of packages has each one of package.json, and no other', () => {
    const rows = [...read('docs/adr/0007-dependencies.md').matchAll(/^\| (`.*?) \|/gm)];
    const named = rows.flatMap(([, cell = '']) =>
      [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name),
    );
    const { dependencies, devDependencies, optionalDependencies } = packageJson;
    const packages = { ...dependencies, ...devDependencies, ...optionalDependencies };
    expect(named.toSorted()).toEqual(Object.keys(packages).toSorted());
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
  const printed = renderReport(report, 'table', {
    columns: 100,
    palette: plainPalette,
    version: '1.2.3',
  }).split('\n');
  const shown = exampleOf('orphans');
  expect(shown.length).toBeGreaterThan(15);
  expect(shown.filter((line) => !printed.includes(line))).toEqual([]);
});

test('the explanation in the README is the one the demo gives', async () => {
  await using sandbox = await Sandbox.create();
  const words = /\$ truenas-monitor explain --demo (.*)/.exec(read('README.md'))?.[1] ?? '';
  const { stdout } = await sandbox.run(Explain, ['--demo', ...words.split(' '), '-o', 'tree']);
  const printed = stdout.split('\n');
  const isPrinted = (line: string): boolean =>
    printed.some((each) =>
      line.endsWith('…') ? each.startsWith(line.slice(0, -1)) : each === line,
    );
  const shown = exampleOf('explain');
  expect(shown.length).toBeGreaterThan(8);
  expect(shown.filter((line) => !isPrinted(line))).toEqual([]);
});

/** A document without its blocks of code. */
const proseOf = (file: string): string => read(file).replaceAll(/```.*?```/gs, '');
const ids = RULES.map(({ id }) => id);

describe('rules in the documents', () => {
  test.each(documents)('%s names none that does not exist', (file) => {
    const families = new Set(ids.map((id) => id.split('-', 1)[0]));
    const known = [...ids, ...CHECKS.map(({ id }) => id)];
    const named = [...proseOf(file).matchAll(/`([a-z]+(?:-[a-z]+)+)`/g)]
      .map(([, name = '']) => name)
      .filter((name) => families.has(name.split('-', 1)[0]));
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
  });

  test('are in the README, each once', () => {
    const rows = /## What it finds[^|]*((?:\|[^\n]*\n)+)/.exec(read('README.md'))?.[1] ?? '';
    const named = [...rows.matchAll(/`([a-z-]+)`/g)].map(([, name = '']) => name);
    expect(named.sort()).toEqual([...ids].sort());
  });

  test.each(ids)('%s links to the other rules it names', (id) => {
    const file = `docs/rules/${id}.md`;
    const named = [...proseOf(file).matchAll(/`([a-z-]+)`/g)]
      .map(([, name = '']) => name)
      .filter((name) => name !== id && ids.includes(name));
    const linked = linksOf(file);
    expect([...new Set(named)].filter((name) => !linked.includes(`${name}.md`))).toEqual([]);
  });

  test.each(ids)('%s shows how to leave its own findings alone', (id) => {
    const ignored = [...read(`docs/rules/${id}.md`).matchAll(/- \{rule: ([^,]+),/g)];
    expect(ignored.map(([, rule]) => rule)).toEqual([id]);
  });
});

test.each(documents)('%s leaves nothing out of what is pasted', (file) => {
  const pasted = [...read(file).matchAll(/```(?:sh|yaml)\n(.*?)```/gs)].map(
    ([, text = '']) => text,
  );
  expect(pasted.filter((text) => text.includes('…'))).toEqual([]);
});

describe('commands on the pages of rules', () => {
  const blocks = (id: string): string[] =>
    [...read(`docs/rules/${id}.md`).matchAll(/```sh\n(.*?)```/gs)].map(([, text = '']) => text);

  test.each(ids)('%s destroys nothing by force or with what lies below', (id) => {
    const all = blocks(id).join('\n');
    expect(all).not.toMatch(
      /zfs destroy|--force|--grace-period|--cascade|finalizers|"(?:recursive|force|remove)": true/,
    );
  });

  test.each(ids)('%s asks TrueNAS what it answers, in JSON', (id) => {
    const calls = blocks(id)
      .flatMap((block) => block.split('\n'))
      .filter((line) => line.startsWith('midclt'))
      .map((line) => /^midclt call ([a-z_.]+)((?: '[^']*')*)\s*(?:#.*)?$/.exec(line) ?? [line]);
    for (const [line, method, parameters = ''] of calls) {
      expect(method, line).toMatch(/\.(?:query|sessions|get_jobs)$/);
      for (const [, json = ''] of parameters.matchAll(/'([^']*)'/g)) {
        expect(() => JSON.parse(json.replaceAll(/\bID\b/g, '1')) as unknown, line).not.toThrow();
      }
    }
  });
});

describe('the architecture page', () => {
  test('names files and folders that exist', () => {
    const named = [
      ...read('docs/architecture.md').matchAll(
        /`((?:core|ports|app|adapters|lab|server|cli)\/[\w/.-]+)`/g,
      ),
    ].map(([, name = '']) => name);
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => !existsSync(path.join(root, 'src/lib', name)))).toEqual([]);
  });
});
