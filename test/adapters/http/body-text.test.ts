import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { request } from 'undici';
import { expect, test } from 'vitest';
import { bodyText } from '../../../src/lib/adapters/http/body-text.ts';

/** What is read of a body that arrives in these parts. */
async function textOf(parts: readonly Buffer[]): Promise<string> {
  const server = createServer((_request, response) => {
    void (async () => {
      for (const part of parts) {
        response.write(part);
        await wait(5);
      }
      response.end();
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const { port } = server.address() as AddressInfo;
    const { body } = await request(`http://127.0.0.1:${port}/`);
    return await bodyText(body);
  } finally {
    server.close();
  }
}

test('a character that arrives in two parts is one character', async () => {
  const bytes = Buffer.from('{"name":"Straße – 🗄️"}');
  for (const at of [13, 14, 19, 23, 24, 25]) {
    expect(await textOf([bytes.subarray(0, at), bytes.subarray(at)])).toBe(bytes.toString());
  }
});

test('a mark of byte order is no part of it', async () => {
  expect(await textOf([Buffer.from('\uFEFF{}')])).toBe('{}');
});

test('a body may be empty', async () => {
  expect(await textOf([])).toBe('');
});
