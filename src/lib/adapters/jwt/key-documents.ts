import { open } from 'node:fs/promises';
import { request } from 'undici';
import { isLoopback } from '../http/loopback.ts';

/** Gets the document in which an issuer publishes its keys; throws where there is none. */
export type FetchKeys = (signal: AbortSignal) => Promise<unknown>;

/** Nobody has so many keys. */
const LARGEST = 512 * 1024;

/** Why there are no keys, for the log. */
export class KeysUnavailableError extends Error {}

/** From an address: over https alone, save on this machine, since whoever answers there decides who gets in. */
export function keysAt(url: string): FetchKeys {
  const address = new URL(url);
  const isSafe =
    address.protocol === 'https:' || isLoopback(address.hostname.replace(/^\[|\]$/g, ''));
  return async (signal) => {
    if (!isSafe) throw new KeysUnavailableError('keys are only fetched over https');
    const { statusCode, body } = await request(address, {
      signal,
      headers: { accept: 'application/jwk-set+json, application/json' },
    });
    // A redirect is not followed: it could lead to anywhere.
    if (statusCode !== 200) {
      body.on('error', () => undefined).destroy();
      throw new KeysUnavailableError(`the address of the keys answered ${String(statusCode)}`);
    }
    return parseKeys(await readLimited(body as AsyncIterable<Buffer>));
  };
}

/** From a file, such as a mounted ConfigMap. */
export function keysIn(path: string): FetchKeys {
  return async () => {
    const file = await open(path);
    try {
      return parseKeys(await readLimited(file.createReadStream({ autoClose: false })));
    } finally {
      await file.close();
    }
  };
}

async function readLimited(chunks: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > LARGEST) {
      throw new KeysUnavailableError(`the keys are larger than ${String(LARGEST / 1024)} KiB`);
    }
    parts.push(chunk);
  }
  return Buffer.concat(parts).toString('utf8');
}

function parseKeys(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser would quote what it read, which may be a key that is not public.
    throw new KeysUnavailableError('the keys are not JSON');
  }
}
