import { readFileSync } from 'node:fs';
import { validate } from 'dockerfile-utils';
import { expect, test } from 'vitest';

const text = readFileSync(new URL('../Dockerfile', import.meta.url), 'utf8');
const instructions = text
  .replaceAll(/\\\n/g, ' ')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));

test('the Dockerfile is without a fault', () => {
  expect(validate(text).map(({ message }) => message)).toEqual([]);
});

test('the image is of the executable alone, runs nothing while it is made, and is not root’s', () => {
  const kinds = instructions.map((line) => line.split(' ', 1)[0]);
  expect(kinds).not.toContain('RUN');
  expect(kinds).not.toContain('ADD');
  expect(instructions.find((line) => line.startsWith('USER'))).toBe('USER 65532:65532');
  expect(instructions.find((line) => line.startsWith('ENTRYPOINT'))).toContain('truenas-monitor');
});
