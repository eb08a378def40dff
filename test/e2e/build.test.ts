import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { needsBuild } from '../support/built-cli.ts';

const DIST = resolve(import.meta.dirname, '../../dist');

describe('the build', needsBuild(), () => {
  it('imports nothing that only the sources have', async () => {
    const files = (await readdir(DIST, { recursive: true })).filter((name) => name.endsWith('.js'));
    expect(files.length).toBeGreaterThan(100);
    const stray: string[] = [];
    for (const file of files) {
      const text = await readFile(join(DIST, file), 'utf8');
      for (const [found] of text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*['"]\.[^'"]*\.ts['"]/g)) {
        stray.push(`${file}: ${found}`);
      }
    }
    expect(stray).toEqual([]);
  });
});
