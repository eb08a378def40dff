import { type FastifyInstance } from 'fastify';
import { Registry } from 'prom-client';
import { type ServerContext } from '../context.ts';
import { endGzip, type GzipStart, startGzip } from './gzip-parts.ts';
import { type CountRequests, httpMetrics } from './http-metrics.ts';
import { measureProcess, processMetrics } from './process-metrics.ts';
import { scanMetrics } from './scan-metrics.ts';
import { stateMetrics } from './state-metrics.ts';
import { type UseMetrics, useMetrics } from './use-metrics.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** What is counted of this server. */
    readonly metrics: ServerMetrics;
  }
}

const NOTHING = new Uint8Array(0);

/**
 * Everything that Prometheus reads. The numbers of a scan are text already when it is handed over, and compressed once; those of
 * the process are gathered anew for whoever asks, and outlive every scan.
 */
export class ServerMetrics {
  static readonly CONTENT_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;
  readonly #own = new Registry();
  readonly #monitor: ServerContext['monitor'];
  readonly #stop: () => void;
  readonly #countRequests: CountRequests;
  readonly use: UseMetrics;
  readonly #answers = new Map<string, Promise<Buffer>>();
  #compressed: { readonly of: Uint8Array; readonly start: Promise<GzipStart> } | undefined;

  constructor(context: Pick<ServerContext, 'monitor' | 'clock' | 'program'>) {
    this.#monitor = context.monitor;
    stateMetrics(this.#own, context);
    this.#stop = context.monitor.listen(scanMetrics(this.#own, context.clock));
    this.#countRequests = httpMetrics(this.#own);
    this.use = useMetrics(this.#own);
    measureProcess();
  }

  /** What a server answers counts from now on. */
  watch(server: FastifyInstance): void {
    this.#countRequests(server);
  }

  close(): void {
    this.#stop();
  }

  async text(): Promise<Buffer> {
    return await this.#once('text', async () =>
      Buffer.concat([this.#ofScan(), await this.#ofProcess()]),
    );
  }

  /** The same, compressed. */
  async gzip(): Promise<Buffer> {
    return await this.#once('gzip', async () => {
      const of = this.#ofScan();
      if (this.#compressed?.of !== of) this.#compressed = { of, start: startGzip(of) };
      return await endGzip(await this.#compressed.start, await this.#ofProcess());
    });
  }

  #ofScan(): Uint8Array {
    return this.#monitor.state.current?.measures ?? NOTHING;
  }

  /** Whoever asks while somebody waits already gets the same: many at once cost no more than one. */
  async #once(form: string, make: () => Promise<Buffer>): Promise<Buffer> {
    const underWay = this.#answers.get(form);
    if (underWay !== undefined) return await underWay;
    const answer = make().finally(() => this.#answers.delete(form));
    this.#answers.set(form, answer);
    return await answer;
  }

  async #ofProcess(): Promise<Buffer> {
    const parts = await Promise.all([this.#own.metrics(), processMetrics()]);
    // The library writes the number that is none in its own way.
    return Buffer.from(parts.join('\n').replaceAll(' Nan\n', ' NaN\n'));
  }
}
