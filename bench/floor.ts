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
  connections: 8,
  allowH2: false,
  webSocket: { maxPayloadSize: 0, maxFragments: 0 },
});

async function fetchJson(url: string, authorization: string): Promise<unknown> {
  const { body } = await request(url, { dispatcher, headers: { authorization } });
  return JSON.parse(await body.text());
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
  const waiting = new Map<number, (value: unknown) => void>();
  socket.addEventListener('message', ({ data }) => {
    const reply = JSON.parse(String(data)) as { id: number };
    waiting.get(reply.id)?.(reply);
  });
  let next = 0;
  const call = (method: string, params: unknown): Promise<unknown> =>
    new Promise((resolve) => {
      next += 1;
      waiting.set(next, resolve);
      socket.send(JSON.stringify({ jsonrpc: '2.0', id: next, method, params }));
    });
  await call('auth.login_with_api_key', [address.apiKey]);
  const queue = [...calls];
  const worker = async (): Promise<void> => {
    for (let each = queue.shift(); each !== undefined; each = queue.shift()) {
      await call(each.method, each.params);
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
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
  ...lists.map(readList),
  ...rest.map((path) => fetchJson(`${address.truenasUrl}${path}`, `Bearer ${address.apiKey}`)),
  rpc.length === 0 ? undefined : callAll(rpc),
]);
await dispatcher.close();
