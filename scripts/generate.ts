import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { completionFiles } from './generate/completions.ts';
import { readmeFile } from './generate/command-reference.ts';
import { ruleFiles } from './generate/rule-pages.ts';
import { schemaFiles } from './generate/schemas.ts';

/*
 * Writes every file that is derived from the sources. With --check it writes nothing, names the files that are not
 * what it would write, and exits 1 where there are any.
 */

const root = path.join(import.meta.dirname, '..');

async function read(file: string): Promise<string | undefined> {
  try {
    return await readFile(path.join(root, file), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

const derived = new Map([...schemaFiles(), ...completionFiles(), ...(await ruleFiles(read))]);
const readme = await readmeFile((await read('README.md')) ?? '');
if (readme === undefined) {
  console.error('README.md lacks the marks between which the commands are described:');
  console.error('<!-- commands: written by npm run generate --> and <!-- /commands -->');
  process.exitCode = 1;
} else {
  derived.set('README.md', readme);
}

const stale: string[] = [];
for (const [file, content] of derived) {
  if ((await read(file)) !== content) stale.push(file);
}

if (process.argv.includes('--check')) {
  for (const file of stale) console.error(`stale: ${file}`);
  if (stale.length > 0) {
    console.error('Run npm run generate and commit what it writes.');
    process.exitCode = 1;
  }
} else {
  for (const file of stale) {
    await mkdir(path.dirname(path.join(root, file)), { recursive: true });
    await writeFile(path.join(root, file), derived.get(file) ?? '');
    console.log(`wrote ${file}`);
  }
}
