import { describe, expect, it } from 'vitest';
import { COMPONENTS, type CheckOutcome } from '../../../../src/lib/core/model/validation.ts';
import { refInCluster, refToCluster } from '../../../../src/lib/core/model/surroundings.ts';
import { plainPalette } from '../../../../src/lib/core/render/text/palette.ts';
import { renderValidation } from '../../../../src/lib/core/render/validation.ts';
import { anOutcome, aSummary, SUMMARIES } from '../../../support/validation-builders.ts';

function linesOf(
  over: Parameters<typeof aSummary>[0],
  format: 'table' | 'wide' = 'table',
): readonly string[] {
  const options = { columns: 200, palette: plainPalette, version: '1.2.3' };
  return renderValidation(aSummary(over), format, options).split('\n');
}

function aNode(name: string, over: Partial<CheckOutcome>): CheckOutcome {
  return anOutcome({
    check: 'csi-node-registered',
    title: 'The driver is on every node',
    component: 'node',
    subject: refInCluster('Node', { cluster: 'prod', name }),
    ...over,
  });
}

const many = (count: number, message: (index: number) => string, over: Partial<CheckOutcome>) =>
  Array.from({ length: count }, (_, index) =>
    aNode(`n${String(index)}`, { message: message(index), ...over }),
  );

describe('the table of checks', () => {
  it('has a heading for each component that was judged, in the order of the results', () => {
    const results = COMPONENTS.map((component) => anOutcome({ component }));
    const headings = linesOf({ results }).filter((line) => line.endsWith(': 1 passed'));
    expect(headings).toHaveLength(COMPONENTS.length);
    expect(new Set(headings).size).toBe(COMPONENTS.length);
  });

  it('folds what one check passed on many objects, and says what it saw of a single one', () => {
    expect(linesOf({ results: many(12, () => 'it is there', {}) })).toContain(
      '  ✓ The driver is on every node (12 nodes)',
    );
    expect(linesOf({ results: many(1, () => 'it is there', {}) })).toContain(
      '  ✓ The driver is on every node (node/n0: it is there)',
    );
  });

  it('says that what passed are the others, where some did not', () => {
    const failing = many(1, () => 'it is not there', { status: 'FAIL', severity: 'high' });
    expect(linesOf({ results: [...failing, ...many(3, () => 'it is there', {})] })).toContain(
      '  ✓ The driver is on every node (3 other nodes)',
    );
  });

  it('says once what to do about what came to the same', () => {
    const results = many(3, (index) => `fault ${String(index)}`, {
      status: 'FAIL',
      severity: 'high',
      steps: ['Mend it.'],
    });
    expect(linesOf({ results }).filter((line) => line.startsWith('      '))).toEqual([
      '      node/n0: fault 0',
      '      node/n1: fault 1',
      '      node/n2: fault 2',
      '      1. Mend it.',
      '      See docs/rules/csi-node-registered.md',
    ]);
  });

  it('names together objects of which the same was seen', () => {
    const results = many(8, () => 'it is not there', { status: 'WARNING' });
    expect(linesOf({ results })).toContain(
      '      node/n0, node/n1, node/n2, node/n3, node/n4 and 3 more: it is not there',
    );
  });

  it('cuts a long list of failures and says so, and is whole with -o wide', () => {
    const results = many(30, (index) => `fault ${String(index)}`, { status: 'FAIL' });
    expect(linesOf({ results })).toContain('      and 20 more');
    const wide = linesOf({ results }, 'wide');
    expect(wide.filter((line) => /fault \d+ \[0123456789abcdef\]$/.test(line))).toHaveLength(30);
  });

  it('keeps apart what one check said with different severity or other steps', () => {
    const results = [
      ...many(1, () => 'a', { status: 'FAIL', severity: 'high', steps: ['One.'] }),
      ...many(1, () => 'b', { status: 'WARNING', severity: 'low', steps: ['One.'] }),
      ...many(1, () => 'c', { status: 'WARNING', severity: 'low', steps: ['Two.'] }),
    ];
    expect(linesOf({ results }).filter((line) => /^ {2}[✗!]/.test(line))).toEqual([
      '  ✗ The driver is on every node (high)',
      '  ! The driver is on every node (low)',
      '  ! The driver is on every node (low)',
    ]);
  });

  it('says where an object is only where there are several places', () => {
    const results = many(1, () => 'it is not there', { status: 'FAIL' });
    const [cluster] = aSummary().clusters;
    if (cluster === undefined) throw new Error('no cluster');
    const clusters = [cluster, { ...cluster, name: 'staging' }];
    expect(linesOf({ results })).toContain('      node/n0: it is not there');
    expect(linesOf({ results, clusters })).toContain(
      '      node/n0 of cluster prod: it is not there',
    );
  });

  it('tells what was skipped at the end, by reason, and never as failed or passed', () => {
    const skipped = anOutcome({
      status: 'SKIPPED',
      subject: null,
      message: 'listing pods is denied',
    });
    const lines = linesOf({
      results: [anOutcome({ check: 'other' }), skipped, { ...skipped, check: 'another' }],
    });
    const at = lines.indexOf('  – cluster prod: listing pods is denied');
    expect(at).toBeGreaterThan(lines.findIndex((line) => line.startsWith('  ✓')));
    expect(lines[at + 1]).toBe('      not judged: default-storage-class and another');
    expect(lines.filter((line) => line.includes('✓'))).toHaveLength(1);
    expect(lines.find((line) => line.startsWith('UNKNOWN'))).toBe(
      'UNKNOWN: nothing that could be checked is wrong, but not all of it could be. 3 checks: 2 skipped, 1 passed.',
    );
  });

  it('tells of what could not be read though no check was skipped for it', () => {
    const incomplete = SUMMARIES['incomplete'];
    expect(linesOf({ ...incomplete })).toContain(
      '  – system nas1: alerts failed: alert.list is denied',
    );
  });

  it('gives its verdict below the header and again at the end', () => {
    const lines = linesOf({ results: [anOutcome({ status: 'FAIL', severity: 'high' })] });
    const at = lines.flatMap((line, index) => (line === 'FAIL: 1 check: 1 failed.' ? [index] : []));
    expect(at).toHaveLength(2);
    expect(at[0]).toBeLessThan(lines.findIndex((line) => line.startsWith('StorageClasses: ')));
  });

  it('lists many permissions that were all given in one line of -o wide for each cluster', () => {
    const permissions = (count: number, cluster: string) =>
      Array.from({ length: count }, (_, index) =>
        anOutcome({
          check: 'kubernetes-permissions',
          title: 'Everything may be read',
          component: 'permissions',
          cluster,
          subject: refInCluster('Permission', { cluster, name: `list things${String(index)}` }),
          message: 'allowed',
        }),
      );
    const few = linesOf({ results: permissions(10, 'prod') }, 'wide');
    expect(few.filter((line) => line.includes('permission/list things'))).toHaveLength(10);
    const secret = refInCluster('Permission', {
      cluster: 'staging',
      namespace: 'csi',
      name: 'get secrets/a',
    });
    const [one] = permissions(1, 'staging');
    const both = [...permissions(11, 'prod'), { ...anOutcome(one), subject: secret }];
    const many = linesOf({ results: both }, 'wide');
    expect(many).toContain('  ✓ Everything may be read (12 permissions)');
    expect(many).toContain('      cluster staging: csi/get secrets/a: allowed');
    expect(many.filter((line) => line.endsWith(': allowed'))).toHaveLength(2);
  });

  it('names an object as JSON does', () => {
    const subject = refInCluster('StorageClass', { cluster: 'prod', name: 'nas-nfs' });
    expect(linesOf({ results: [anOutcome({ subject, status: 'FAIL', message: 'x' })] })).toContain(
      '      storageclass/nas-nfs: x',
    );
  });

  it('misses nothing where what is looked at cannot be there', () => {
    const lines = linesOf({
      results: [anOutcome({ status: 'SKIPPED', subject: null, notApplicable: true }), anOutcome()],
    });
    expect(lines).toContain('1 check not applicable here: default-storage-class.');
    expect(lines.join('\n')).not.toContain('–');
    expect(lines.join('\n')).toContain('PASS: ');
  });

  it('gives no verdict on nothing', () => {
    const lines = linesOf({ results: [], filteredOut: 3 });
    expect(lines).toContain('Of 3 checks none is as severe as --min-severity asks for.');
    expect(lines.join('\n')).not.toContain('PASS');
    expect(linesOf({ results: [] })).toContain('Nothing was checked.');
  });
});

describe('names of what is wrong', () => {
  it('are each listed once, with the cluster where there are several', () => {
    const results = [
      aNode('n1', { status: 'FAIL' }),
      aNode('n1', { status: 'WARNING', check: 'other' }),
      aNode('n2', { status: 'PASS' }),
      aNode('n3', { status: 'SKIPPED' }),
      anOutcome({ status: 'FAIL', subject: refToCluster('prod') }),
    ];
    const options = { columns: 80, palette: plainPalette, version: '1.2.3' };
    expect(renderValidation(aSummary({ results }), 'name', options)).toBe(
      'node/n1\ncluster/prod\n',
    );
  });
});
