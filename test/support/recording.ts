import { readdirSync, readFileSync } from 'node:fs';
import { type Recording } from '../../src/lib/lab/scenario/real-chain.ts';

const FOLDER = new URL('../fixtures/real-chain/', import.meta.url);

/** Both sides of the recorded fleet, by file name. */
export function readRecording(): Recording {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));
  return Object.fromEntries(
    files.map((name) => [name, JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) as unknown]),
  );
}
