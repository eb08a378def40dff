import { expect, test } from 'vitest';
import { fitMessage } from '../../src/lib/cli/message-width.ts';

const message = `Error: the server at nas1.example refuses connections
What to do:
  1. Check the address of the server and the network to it.
  2. Wait.
`;

test('breaks lines between words, and keeps what they begin with', () => {
  expect(fitMessage(message, 30)).toBe(`Error: the server at
  nas1.example refuses
  connections
What to do:
  1. Check the address of the
     server and the network to
     it.
  2. Wait.
`);
});

test('leaves everything where there is no terminal', () => {
  expect(fitMessage(message, Number.POSITIVE_INFINITY)).toBe(message);
});

test.each([20, 40, 80])('keeps every line within %i columns, and every word', (columns) => {
  const fitted = fitMessage(message, columns);
  for (const line of fitted.split('\n')) expect(line.length).toBeLessThanOrEqual(columns);
  expect(fitted.split(/\s+/)).toEqual(message.split(/\s+/));
});
