import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { commandFile } from '../../scripts/binary/program.ts';

const ROOT = resolve(import.meta.dirname, '../..');

test.each([
  ['orphans', 'src/commands/orphans.ts'],
  ['cleanup', 'src/commands/cleanup/index.ts'],
  ['cleanup:apply', 'src/commands/cleanup/apply.ts'],
])('the source of %s is bundled, wherever it lies', (id, file) => {
  const exists = (each: string): boolean => existsSync(resolve(ROOT, each));
  expect(commandFile(id, exists)).toBe(file);
  expect(exists(file)).toBe(true);
});
