import { execFileSync, spawn } from 'node:child_process';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPreviousReport } from '../../../src/lib/adapters/report-file/previous-report.ts';
import { UsageError } from '../../../src/lib/core/model/errors.ts';
import { renderJson, toJson } from '../../../src/lib/core/render/json.ts';
import { fullReportToWire } from '../../../src/lib/core/render/wire/full-report.ts';
import { validationToWire } from '../../../src/lib/core/render/wire/validation.ts';
import { renderYaml, toYaml } from '../../../src/lib/core/render/yaml.ts';
import { aFullReport } from '../../support/full-report-builders.ts';
import { aFinding, aPvFinding, aReport, TAKEN_AT } from '../../support/report-builders.ts';
import { aSummary } from '../../support/validation-builders.ts';

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'previous-report-'));
});

afterAll(async () => {
  await rm(directory, { recursive: true });
});

async function read(text: string) {
  const path = join(directory, 'report');
  await writeFile(path, text);
  return await readPreviousReport(path);
}

const report = aReport({ findings: [aPvFinding(), aFinding()] });
const full = fullReportToWire(aFullReport({ report }));

describe('an earlier report', () => {
  it.each([
    ['orphans as JSON', renderJson(report)],
    ['orphans as YAML', renderYaml(report)],
    ['report as JSON', toJson(full)],
    ['report as YAML', toYaml(full)],
  ])('is read from what was written by %s', async (_, text) => {
    const previous = await read(text);
    expect(previous.takenAt).toEqual(TAKEN_AT);
    expect(previous.findings.map(({ id, scope }) => [id, scope])).toEqual([
      ['0a1b2c3d4e5f6071', '5b7c1d1e-0000-4000-8000-000000000001'],
      ['6f0c1d2e3a4b5c6d', 'c0ffee'],
    ]);
  });

  it('may have keys that this version does not know', async () => {
    const more = { ...(JSON.parse(renderJson(report)) as object), later: { key: 1 } };
    expect((await read(JSON.stringify(more))).findings).toHaveLength(2);
  });

  const bomb = [
    'a: &a [x, x, x, x, x, x, x, x, x]',
    ...Array.from('bcdefghij', (name, index) => {
      const before = String.fromCharCode(name.charCodeAt(0) - 1);
      return `${name}: &${name} [${Array(9).fill(`*${before}`).join(', ')}] # ${String(index)}`;
    }),
  ].join('\n');

  it.each([
    ['nothing', '', 'it is no report'],
    ['a text', 'no report at all', 'it is no report'],
    ['broken JSON', '{"kind": "OrphanReport"', 'it is neither JSON nor YAML'],
    ['YAML that grows without end', bomb, 'it is neither JSON nor YAML'],
    ['other JSON', '{"kind": "List"}', 'it is no report'],
    [
      'a result of checks',
      toJson(validationToWire(aSummary())),
      'it is a "ValidationSummary", which has no findings to compare',
    ],
    [
      'a later version',
      renderJson(report).replace('"schema_version": 1', '"schema_version": 2'),
      'a newer version of this program wrote it',
    ],
    [
      'a report somebody changed',
      renderJson(report).replace('"findings"', '"findngs"'),
      'it is a report that was changed or cut short',
    ],
  ])('is not %s', async (_, text, message) => {
    const refused = read(text);
    await expect(refused).rejects.toThrow(UsageError);
    await expect(refused).rejects.toThrow(message);
  });

  it('is refused unread where it is larger than any report', async () => {
    const path = join(directory, 'huge');
    await writeFile(path, '');
    await truncate(path, 300 * 1024 ** 2);
    await expect(readPreviousReport(path)).rejects.toThrow('larger than any report');
  });

  it.skipIf(process.platform === 'win32').each(['/dev/zero', '/dev/null'])(
    'is refused unread where it is no file: %s',
    async (path) => {
      await expect(readPreviousReport(path)).rejects.toThrow('it is neither file nor pipe');
    },
  );

  it.skipIf(process.platform === 'win32')(
    'may come through a pipe, as long as it ends',
    async () => {
      const path = join(directory, 'pipe');
      execFileSync('mkfifo', [path]);
      const [previous] = await Promise.all([
        readPreviousReport(path),
        writeFile(path, renderJson(report)),
      ]);
      expect(previous.findings).toHaveLength(2);
      const endless = spawn('sh', ['-c', 'exec yes > "$0"', path], { stdio: 'ignore' });
      try {
        await expect(readPreviousReport(path)).rejects.toThrow('larger than any report');
      } finally {
        endless.kill();
      }
    },
  );

  it.each([
    ['missing', 'there is no such file'],
    ['.', 'it is a directory'],
  ])('is refused where it cannot be read: %s', async (name, message) => {
    await expect(readPreviousReport(join(directory, name))).rejects.toThrow(message);
  });
});
