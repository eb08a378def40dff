import { type ChildProcess } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { type ScanRunWire } from '../../src/lib/core/serve/scan-run-schema.ts';
import { type KubernetesLab, startKubernetesLab } from '../../src/lib/lab/kubernetes/server.ts';
import { type World } from '../../src/lib/lab/scenario/world.ts';
import { startTrueNasLab, type TrueNasLab } from '../../src/lib/lab/truenas/server.ts';
import { type CliResult, ended, start } from './built-cli.ts';
import { Gate } from './gate.ts';
import { sidesOf, worldToCleanUp } from './real-cleanup.ts';
import { Sandbox } from './run-command.ts';

/* `serve` as its users have it: a process, a configuration, and both sides as servers on loopback that can go away and come back. */

/** The program from its sources: what is tested is what was written last. */
const SOURCES = [process.execPath, resolve(import.meta.dirname, '../../bin/dev.js')] as const;
const CLOCK = pathToFileURL(resolve(import.meta.dirname, 'hurried-clock.ts')).href;
const ISSUER = 'https://issuer.example';

export interface ServeSiteOptions {
  readonly world?: World;
  /** Who callers are known by: tokens of the site, where nothing is said, so that it can be asked while the cluster is away. */
  readonly auth?: 'jwt' | 'auto';
  /** More of `server:` of the configuration. */
  readonly server?: Readonly<Record<string, unknown>>;
}

interface Parts {
  readonly sandbox: Sandbox;
  readonly world: World;
  readonly kubernetes: KubernetesLab;
  readonly truenas: TrueNasLab;
  readonly clusterGate: Gate;
  readonly nasGate: Gate;
  readonly token: string;
}

export class ServeSite implements AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly world: World;
  readonly kubernetes: KubernetesLab;
  readonly clusterGate: Gate;
  readonly nasGate: Gate;
  /** Lets its bearer start scans. */
  readonly token: string;
  readonly #running = new Set<ChildProcess>();
  #truenas: TrueNasLab;

  private constructor({ truenas, ...parts }: Parts) {
    this.sandbox = parts.sandbox;
    this.world = parts.world;
    this.kubernetes = parts.kubernetes;
    this.clusterGate = parts.clusterGate;
    this.nasGate = parts.nasGate;
    this.token = parts.token;
    this.#truenas = truenas;
  }

  static async start(options: ServeSiteOptions = {}): Promise<ServeSite> {
    const { world = worldToCleanUp('25.10'), auth = 'jwt', server = {} } = options;
    const { cluster, system } = sidesOf(world);
    const sandbox = await Sandbox.create();
    const kubernetes = await startKubernetesLab(cluster, { now });
    const truenas = await startTrueNasLab(system, { now });
    const clusterGate = await Gate.open(kubernetes.url);
    const nasGate = await Gate.open(truenas.url);
    const keys = await issue(sandbox);
    const kubeconfig = sandbox.path('kubeconfig');
    await writeFile(kubeconfig, kubernetes.kubeconfig().replace(kubernetes.url, clusterGate.url), {
      mode: 0o600,
    });
    const [key] = system.apiKeys;
    if (key === undefined) throw new Error('the world has no key');
    const jwt = { issuer: ISSUER, jwks_file: keys.file };
    const config = {
      kubernetes: { name: cluster.name, kubeconfig, context: cluster.name },
      truenas: {
        name: system.name,
        url: nasGate.url,
        username: key.username,
        api_key: `${key.id}-${key.secret}`,
      },
      drivers: world.drivers,
      metrics: { port: null },
      server: {
        listen: '127.0.0.1:0',
        auth: auth === 'jwt' ? { mode: 'jwt', jwt } : { mode: 'auto' },
        rate_limit: { max: 1_000_000 },
        ...server,
      },
    };
    // JSON is YAML.
    await writeFile(sandbox.path('config.yaml'), JSON.stringify(config), { mode: 0o600 });
    const token = auth === 'jwt' ? keys.token : kubernetes.token;
    return new ServeSite({ sandbox, world, kubernetes, truenas, clusterGate, nasGate, token });
  }

  get truenas(): TrueNasLab {
    return this.#truenas;
  }

  /** What nobody may be told. */
  get secrets(): readonly string[] {
    const keys = sidesOf(this.world).system.apiKeys.map(({ secret }) => secret);
    return [...keys, this.kubernetes.token, this.token];
  }

  /** The same NAS, which knows of no session any more. */
  async restartNas(away = 0): Promise<void> {
    await this.nasGate.shut();
    await this.#truenas.close();
    await wait(away);
    this.#truenas = await startTrueNasLab(sidesOf(this.world).system, { now });
    this.nasGate.aim(this.#truenas.url);
    await this.nasGate.reopen();
  }

  /** @param step by how much `hurry` moves its clock; as it is, it has no say in that */
  async serve({ step = 0 } = {}): Promise<ServeProcess> {
    const config = this.sandbox.path('config.yaml');
    const [node, program] = SOURCES;
    const before = step === 0 ? [] : ['--import', CLOCK];
    const child = start(this.sandbox, [node, ...before, program, 'serve', '--config', config], {
      TEST_HURRY_MS: String(step),
    });
    this.#running.add(child);
    child.once('close', () => this.#running.delete(child));
    return await ServeProcess.follow(child, this.token);
  }

  /** Runs another command with the same configuration, to its end. */
  async run(...argv: readonly string[]): Promise<CliResult> {
    const config = this.sandbox.path('config.yaml');
    return await ended(start(this.sandbox, [...SOURCES, ...argv, '--config', config]));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#running) child.kill('SIGKILL');
    await Promise.all([this.clusterGate.shut(), this.nasGate.shut()]);
    await Promise.all([this.#truenas.close(), this.kubernetes.close()]);
    await this.sandbox[Symbol.asyncDispose]();
  }
}

function now(): Date {
  return new Date();
}

/** An issuer of tokens: where its key is, and a token of somebody who may start scans. */
async function issue(sandbox: Sandbox): Promise<{ readonly file: string; readonly token: string }> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const file = sandbox.path('jwks.json');
  const key = { ...(await exportJWK(publicKey)), kid: 'k', alg: 'ES256', use: 'sig' };
  await writeFile(file, JSON.stringify({ keys: [key] }), { mode: 0o600 });
  const token = await new SignJWT({ roles: ['operator'] })
    .setProtectedHeader({ alg: 'ES256', kid: 'k' })
    .setIssuer(ISSUER)
    .setAudience('truenas-monitor')
    .setSubject('a-test')
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(privateKey);
  return { file, token };
}

/** One process that serves. */
export class ServeProcess {
  readonly child: ChildProcess;
  readonly address: string;
  readonly result: Promise<CliResult>;
  /** What it has logged so far. */
  readonly log: string[];
  readonly #token: string;

  private constructor(child: ChildProcess, address: string, log: string[], token: string) {
    this.child = child;
    this.address = address;
    this.log = log;
    this.#token = token;
    this.result = ended(child);
  }

  static async follow(child: ChildProcess, token: string): Promise<ServeProcess> {
    const log: string[] = [];
    const address = await new Promise<string>((found, reject) => {
      child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        log.push(text);
        const [, listening] = /"address":"([^"]+)"/.exec(log.join('')) ?? [];
        if (listening !== undefined) found(listening);
      });
      child.once('close', () => {
        reject(new Error(`it ended before it listened: ${log.join('')}`));
      });
    });
    return new ServeProcess(child, address, log, token);
  }

  get port(): number {
    return Number(new URL(this.address).port);
  }

  async ask(path: string, options: RequestInit = {}): Promise<Response> {
    const headers = { authorization: `Bearer ${this.#token}` };
    return await fetch(this.address + path, { headers, ...options });
  }

  async post(path: string, body: unknown): Promise<Response> {
    const headers = {
      authorization: `Bearer ${this.#token}`,
      'content-type': 'application/json',
    };
    return await this.ask(path, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  async json<T>(path: string): Promise<T> {
    return (await (await this.ask(path)).json()) as T; // by the schemas that are tested elsewhere
  }

  /** Lets it believe that the next span is over, as it was told when it was started. */
  async hurry(): Promise<void> {
    const told = this.log.length;
    this.child.kill('SIGUSR2');
    for (let tries = 0; tries < 200; tries += 1) {
      if (this.log.slice(told).join('').includes('ms ahead')) return;
      await wait(10);
    }
    throw new Error('its clock did not move');
  }

  async untilReady(): Promise<void> {
    for (let tries = 0; tries < 300; tries += 1) {
      if ((await fetch(`${this.address}/ready`)).status === 200) return;
      await wait(50);
    }
    throw new Error('it never became ready');
  }

  /** Asks for a scan, and waits for its end. */
  async scan(): Promise<ScanRunWire> {
    const asked = await this.ask('/api/v1/scans', { method: 'POST' });
    if (asked.status !== 202) throw new Error(`${String(asked.status)}: ${await asked.text()}`);
    const { href } = (await asked.json()) as ScanRunWire;
    for (let tries = 0; tries < 600; tries += 1) {
      const run = await this.json<ScanRunWire>(href);
      if (run.state === 'done' || run.state === 'failed') return run;
      await wait(25);
    }
    throw new Error('the scan never ended');
  }

  /** Files, sockets and the like that it holds. */
  async handles(): Promise<number> {
    return (await readdir(`/proc/${String(this.child.pid)}/fd`)).length;
  }

  async residentMiB(): Promise<number> {
    const status = await readFile(`/proc/${String(this.child.pid)}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? '0') / 1024;
  }
}
