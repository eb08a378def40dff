// What no scan can beat: the same requests, the same bytes, `JSON.parse`, and nothing else.
import { readFileSync } from 'node:fs';
import { Agent, request, WebSocket } from 'undici';
import { type LabAddress, type LabTraffic } from './lab-client.ts';

interface FloorPlan {
  readonly address: LabAddress;
  readonly traffic: LabTraffic;
}

const [file = ''] = process.argv.slice(2);
const { address, traffic } = JSON.parse(readFileSync(file, 'utf8')) as FloorPlan;
const dispatcher = new Agent({
  connections: 10,
  allowH2: false,
  webSocket: { maxPayloadSize: 0, maxFragments: 0 },
});

/** Lists of a cluster, and calls of a TrueNAS, that run at the same time: as many as in a scan. */
const LISTS = 4;
const CALLS = 10;

async function atMost<T>(
  workers: number,
  tasks: readonly T[],
  run: (task: T) => Promise<unknown>,
): Promise<void> {
  const queue = [...tasks];
  const worker = async (): Promise<void> => {
    for (let task = queue.shift(); task !== undefined; task = queue.shift()) await run(task);
  };
  await Promise.all(Array.from({ length: workers }, worker));
}

async function fetchJson(url: string, authorization: string): Promise<unknown> {
  // The one read that REST spells as a POST.
  const method = url.endsWith('/attachments') ? 'POST' : 'GET';
  const { statusCode, body } = await request(url, {
    dispatcher,
    method,
    headers: { authorization },
  });
  const text = await body.text();
  // An add-on that is not installed is answered in plain text.
  return statusCode === 200 ? JSON.parse(text) : {};
}

/** Lists by their first page; tokens are the server's, and followed anew. */
async function readList(path: string): Promise<void> {
  let token = '';
  do {
    const page = (await fetchJson(
      `${address.kubernetesUrl}${path}${token === '' ? '' : `&continue=${encodeURIComponent(token)}`}`,
      `Bearer ${address.token}`,
    )) as { metadata?: { continue?: string } };
    token = page.metadata?.continue ?? '';
  } while (token !== '');
}

async function callAll(calls: LabTraffic['calls']): Promise<void> {
  const socket = new WebSocket(`${address.truenasUrl.replace('http', 'ws')}/api/current`, {
    dispatcher,
  });
  await new Promise((resolve) => {
    socket.addEventListener('open', resolve);
  });
  const waiting = new Map<number, () => void>();
  socket.addEventListener('message', ({ data }) => {
    const { id } = JSON.parse(String(data)) as { id: number };
    waiting.get(id)?.();
    waiting.delete(id);
  });
  let next = 0;
  const call = (method: string, params: unknown): Promise<void> =>
    new Promise((resolve) => {
      next += 1;
      waiting.set(next, resolve);
      socket.send(JSON.stringify({ jsonrpc: '2.0', id: next, method, params }));
    });
  await call('auth.login_with_api_key', [address.apiKey]);
  await atMost(CALLS, calls, ({ method, params }) => call(method, params));
  socket.close();
}

const lists = traffic.paths.filter(
  (path) => path.includes('limit=') && !path.includes('continue='),
);
const rest = traffic.calls.flatMap(({ path }) => path ?? []);
const rpc = traffic.calls.filter(
  ({ method, path }) => path === undefined && !/^(auth|core)\./.test(method),
);
await Promise.all([
  atMost(LISTS, lists, readList),
  atMost(CALLS, rest, (path) =>
    fetchJson(`${address.truenasUrl}${path}`, `Bearer ${address.apiKey}`),
  ),
  rpc.length === 0 ? undefined : callAll(rpc),
]);
await dispatcher.close();
