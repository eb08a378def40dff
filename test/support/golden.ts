import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';

const directory = path.join(import.meta.dirname, '../golden');

/**
 * Compares a whole output with the file that says how it should look. With UPDATE_GOLDEN=1 the file is written
 * instead, so that the change shows in the diff; a missing file is a failure like any other.
 */
export function expectGolden(output: string, ...file: readonly string[]): void {
  const golden = path.join(directory, ...file);
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(path.dirname(golden), { recursive: true });
    writeFileSync(golden, output);
  }
  expect(output).toBe(readFileSync(golden, 'utf8'));
}
