import { beforeAll, describe, expect, it } from 'vitest';
import { type Explanation, type RuleStory } from '../../../../src/lib/core/explain/explanation.ts';
import { millis } from '../../../../src/lib/core/model/units.ts';
import {
  parseExplanationFormat,
  renderExplanation,
} from '../../../../src/lib/core/render/explanation.ts';
import { renderTree } from '../../../../src/lib/core/render/explanation/tree.ts';
import { displayWidth } from '../../../../src/lib/core/render/text/columns.ts';
import { plainPalette, type Palette } from '../../../../src/lib/core/render/text/palette.ts';
import { explanationSchema } from '../../../../src/lib/core/render/wire/explanation-schema.ts';
import {
  aDataset,
  anEvent,
  anInventory,
  aPv,
  aZfsSnapshot,
  HANDLE,
  PARENT,
} from '../../../support/builders.ts';
import { explained } from '../../../support/explaining.ts';
import { makeExplanations } from '../../../support/explanation-builders.ts';
import { expectGolden } from '../../../support/golden.ts';
import { publishedSchema } from '../../../support/json-schema.ts';

const NAMES = ['volume', 'crowd', 'reported', 'suppressed', 'incomplete', 'plural'] as const;

const FORMATS = [
  { format: 'tree', columns: 80, folder: 'tree-80' },
  { format: 'tree', columns: 200, folder: 'tree-200' },
  { format: 'tree', columns: Number.POSITIVE_INFINITY, folder: 'tree-pipe' },
  { format: 'json', columns: 80, folder: 'explanation-json' },
  { format: 'yaml', columns: 80, folder: 'explanation-yaml' },
] as const;

let explanations: Readonly<Record<string, Explanation>>;

function take(name: string): Explanation {
  const explanation = explanations[name];
  if (explanation === undefined) throw new Error(`no explanation ${name}`);
  return explanation;
}

beforeAll(async () => {
  explanations = await makeExplanations();
});

describe.each(FORMATS)('$folder', ({ format, columns, folder }) => {
  it.each(NAMES)('prints %s as its golden file has it', (name) => {
    const output = renderExplanation(take(name), format, { columns, palette: plainPalette });
    expectGolden(output, folder, `${name}.txt`);
  });
});

/** Shows where colour would go. */
const tagged: Palette = {
  severity: {
    critical: (text) => `<critical>${text}</>`,
    high: (text) => `<high>${text}</>`,
    medium: (text) => `<medium>${text}</>`,
    low: (text) => `<low>${text}</>`,
    info: (text) => `<info>${text}</>`,
  },
  heading: (text) => `<heading>${text}</>`,
  warning: (text) => `<warning>${text}</>`,
  good: (text) => `<good>${text}</>`,
  dim: (text) => `<dim>${text}</>`,
};

describe('the tree', () => {
  it.each(NAMES)('never says by colour alone what %s holds', (name) => {
    const colourful = renderExplanation(take(name), 'tree', { columns: 100, palette: tagged });
    const plain = renderExplanation(take(name), 'tree', { columns: 100, palette: plainPalette });
    expect(colourful).not.toBe(plain);
    expect(colourful.replaceAll(/<[a-z]*>|<\/>/g, '')).toBe(plain);
  });

  it.each([60, 80, 100, 132, 200])('keeps every line within %i columns', (columns) => {
    for (const name of NAMES) {
      const output = renderExplanation(take(name), 'tree', { columns, palette: plainPalette });
      expect(output.split('\n').filter((line) => displayWidth(line) > columns)).toEqual([]);
    }
  });

  it('leaves out no snapshot in a pipe, and on a terminal never what was asked for', () => {
    const render = (columns: number): string =>
      renderExplanation(take('crowd'), 'tree', { columns, palette: plainPalette });
    expect(render(Number.POSITIVE_INFINITY).match(/snapshot @auto-/g)).toHaveLength(20);
    expect(render(80).match(/snapshot @auto-/g)).toHaveLength(9);
    expect(render(80)).toContain('snapshot @auto-15 (asked for)');
    expect(render(80)).toContain('and 11 more');
  });

  it('says of a kept scan how old it is', () => {
    const fresh = take('volume');
    const report = { ...fresh.report, cachedFor: millis(90_000) };
    const kept = { ...fresh, report };
    const output = renderExplanation(kept, 'tree', { columns: 200, palette: plainPalette });
    expect(output).toMatch(/^CACHED: as 1 cluster and 1 TrueNAS system were seen 1m 30s ago/);
    const wire: unknown = JSON.parse(
      renderExplanation(kept, 'json', { columns: 0, palette: plainPalette }),
    );
    expect(wire).toMatchObject({ cached: true, cached_age_seconds: 90 });
  });

  it('says why a finding is only likely, apart from what speaks for it', async () => {
    const inventory = anInventory({ drivers: [], persistentVolumes: [], datasets: [aDataset()] });
    const explanation = await explained(inventory, `dataset ${PARENT}/${HANDLE}`);
    const tree = renderExplanation(explanation, 'tree', {
      columns: Number.POSITIVE_INFINITY,
      palette: tagged,
    });
    expect(tree).toContain('<warning>    only likely: owner-registered failed: ');
    expect(tree).not.toContain('- owner-registered');
    expect(tree).toContain('<dim>      + provisioned: ');
  });

  it('begins with what was found where that is wanted', () => {
    const explanation = take('reported');
    const columns = Number.POSITIVE_INFINITY;
    const render = (findingsFirst: boolean): string =>
      renderTree(explanation, { columns, palette: plainPalette, findingsFirst });
    const [first, later] = [render(true), render(false)];
    expect(first.indexOf('REPORTED')).toBeLessThan(first.indexOf('└─'));
    expect(later.indexOf('REPORTED')).toBeGreaterThan(later.indexOf('└─'));
    expect(first.split('\n').sort()).toEqual(later.split('\n').sort());
  });

  it('tells first of the finding whose id was typed', async () => {
    const inventory = anInventory({
      persistentVolumes: [aPv({ phase: 'Released', reclaimPolicy: 'Delete' })],
      datasets: [aDataset()],
      events: [anEvent()],
    });
    const { report } = await explained(inventory, `pv/${HANDLE}`);
    const ids = report.findings.filter(({ rule }) => /^pv-released|^delete/.test(rule));
    expect(ids).toHaveLength(2);
    for (const { id, rule } of ids) {
      const tree = renderTree(await explained(inventory, id), {
        columns: Number.POSITIVE_INFINITY,
        palette: plainPalette,
      });
      expect(tree).toContain(`REPORTED\n  ${rule} on pv/`);
    }
  });

  it('names in one line the rules that find nothing of what they look for', async () => {
    const inventory = anInventory({
      persistentVolumes: [aPv()],
      datasets: [aDataset()],
      zfsSnapshots: [aZfsSnapshot()],
    });
    const explanation = await explained(inventory, `pv/${HANDLE}`);
    const tree = renderExplanation(explanation, 'tree', {
      columns: Number.POSITIVE_INFINITY,
      palette: plainPalette,
    });
    expect(tree).toMatch(
      /^ {2}nothing of what these look for: pv-backend-missing, pv-released, .* and [a-z-]+$/m,
    );
    expect(tree).not.toContain('does not hold');
    expect(tree).not.toContain('  pv-released: ');
  });

  it('says once for want of what several rules were not judged', () => {
    const explanation = take('incomplete');
    const chains = explanation.chains.map((chain) => ({
      ...chain,
      rules: chain.rules.flatMap((story): readonly RuleStory[] =>
        story.state === 'skipped' ? [story, { ...story, rule: 'snapshot-not-ready' }] : [story],
      ),
    }));
    const columns = Number.POSITIVE_INFINITY;
    const tree = renderTree({ ...explanation, chains }, { columns, palette: plainPalette });
    expect(tree).toContain(
      '  snapshot-content-backend-missing and snapshot-not-ready (cluster prod): ZFS snapshots of',
    );
  });

  it('says once what is to be done about each of several things in the way', async () => {
    const zfsSnapshots = ['daily-1', 'daily-2', 'daily-3'].map((name) => aZfsSnapshot({ name }));
    const explanation = await explained(
      anInventory({ datasets: [aDataset()], zfsSnapshots }),
      `dataset ${PARENT}/${HANDLE}`,
    );
    const tree = renderExplanation(explanation, 'tree', {
      columns: Number.POSITIVE_INFINITY,
      palette: plainPalette,
    });
    const said = tree.slice(tree.indexOf('IN THE WAY')).split('\n');
    expect(said.filter((line) => line.includes('would go with it'))).toHaveLength(3);
    expect(said.filter((line) => line.includes('Decide whether'))).toHaveLength(1);
  });

  it('lets nothing from outside act on a terminal', async () => {
    const evil = '\u001b[2Jx\u202e';
    const inventory = anInventory({
      persistentVolumes: [
        aPv({
          name: evil,
          statusMessage: evil,
          storageClass: evil,
          claim: { namespace: evil, name: evil, uid: null },
        }),
      ],
      datasets: [aDataset({ id: `${PARENT}/${evil}` })],
    });
    const explanation = await explained(inventory, `pv/${evil}`);
    for (const format of ['tree', 'json', 'yaml'] as const) {
      const output = renderExplanation(explanation, format, { columns: 80, palette: plainPalette });
      expect(output).not.toMatch(/[\u001b\u202e]/);
    }
  });
});

describe('the wire form', () => {
  it.each(NAMES)('of %s is what the published schema says', (name) => {
    const text = renderExplanation(take(name), 'json', { columns: 0, palette: plainPalette });
    const wire: unknown = JSON.parse(text);
    expect(() => explanationSchema.parse(wire)).not.toThrow();
    const validate = publishedSchema('explanation');
    expect(validate(wire), JSON.stringify(validate.errors)).toBe(true);
  });

  it('is a flat list of nodes, each after the one above it', () => {
    const text = renderExplanation(take('volume'), 'json', { columns: 0, palette: plainPalette });
    const { chains } = explanationSchema.parse(JSON.parse(text));
    const nodes = chains[0]?.nodes ?? [];
    expect(nodes.map(({ id }) => id)).toEqual(nodes.map((_, at) => at));
    for (const { id, parent } of nodes) expect(parent ?? -1).toBeLessThan(id);
    expect(nodes.filter(({ asked }) => asked).map(({ role }) => role)).toEqual(['volume']);
    const dataset = nodes.find(({ role }) => role === 'dataset');
    expect(dataset?.facts).toMatchObject({ used_bytes: 5 << 20, by_snapshots_bytes: 1 << 20 });
  });
});

describe('a format', () => {
  it('that explanations do not have is refused', () => {
    expect(parseExplanationFormat('yaml')).toBe('yaml');
    expect(() => parseExplanationFormat('jsn')).toThrow(
      expect.objectContaining({
        code: 'USAGE',
        remediation: ['Did you mean -o json?', 'Use one of tree, json, yaml.'],
      }) as Error,
    );
    expect(() => parseExplanationFormat('table')).toThrow('unknown output format "table"');
  });
});
