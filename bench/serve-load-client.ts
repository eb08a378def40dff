// Many clients in one process, as scripts and Prometheus ask: started by serve-load.ts, which is sent what came of it.
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'undici';
import {
  type Kind,
  type KindResult,
  KINDS,
  type LoadPlan,
  type LoadResult,
  WARM_UP,
} from './serve-load-plan.ts';
import { percentile } from './statistics.ts';

/** Clients of the bare server, beside the others. */
const BARE = 10;

interface Answered {
  readonly ms: number;
  readonly bytes: number;
}

class Tally {
  readonly troubles: string[] = [];
  readonly #answers = new Map<Kind, Answered[]>();
  readonly #errors = new Map<Kind, number>();
  readonly #from: number;

  constructor(from: number) {
    this.#from = from;
  }

  note(kind: Kind, due: number, bytes: number): void {
    if (due < this.#from) return;
    const answers = this.#answers.get(kind) ?? [];
    answers.push({ ms: performance.now() - due, bytes });
    this.#answers.set(kind, answers);
  }

  /** Errors count from the first moment on. */
  noteError(kind: Kind, error: unknown): void {
    this.#errors.set(kind, (this.#errors.get(kind) ?? 0) + 1);
    if (this.troubles.length < 10) this.troubles.push(`${kind}: ${String(error)}`);
  }

  resultOf(...kinds: readonly Kind[]): KindResult {
    const answers = kinds.flatMap((kind) => this.#answers.get(kind) ?? []);
    const times = answers.map(({ ms }) => ms);
    return {
      requests: answers.length,
      errors: kinds.reduce((sum, kind) => sum + (this.#errors.get(kind) ?? 0), 0),
      p50: percentile(times, 0.5),
      p95: percentile(times, 0.95),
      p99: percentile(times, 0.99),
      most: percentile(times, 1),
      bytes: percentile(
        answers.map(({ bytes }) => bytes),
        0.5,
      ),
    };
  }
}

const PATHS: Readonly<Record<Kind, string>> = {
  orphans: '/api/v1/orphans',
  known: '/api/v1/orphans',
  all: '/api/v1/orphans?limit=all',
  metrics: '/metrics',
  bare: '/',
};

/** One connection to one server, which asks one thing at a time. */
class Asker {
  readonly #client: Client;
  readonly #tally: Tally;
  #etag: string | undefined;

  constructor(address: string, tally: Tally) {
    this.#client = new Client(new URL(address).origin, { pipelining: 1 });
    this.#tally = tally;
  }

  /** @param due when the answer began to be waited for: earlier than now where the one before took too long */
  async ask(kind: Kind, due: number): Promise<void> {
    const known = kind === 'known' && this.#etag !== undefined;
    try {
      const { statusCode, headers, body } = await this.#client.request({
        method: 'GET',
        path: PATHS[kind],
        headers: {
          'accept-encoding': 'gzip',
          ...(known && { 'if-none-match': this.#etag }),
        },
      });
      let bytes = 0;
      for await (const chunk of body) bytes += (chunk as Buffer).length;
      if (statusCode !== 200 && !(known && statusCode === 304)) {
        throw new Error(`status ${statusCode}`);
      }
      if (typeof headers['etag'] === 'string') this.#etag = headers['etag'];
      this.#tally.note(kind, due, bytes);
    } catch (error) {
      this.#tally.noteError(kind, error);
    }
  }

  async close(): Promise<void> {
    await this.#client.close();
  }
}

/** Of ten clients six want a page, three know what they were told last, and one wants all of it; every second question is Prometheus'. */
function kindOf(client: number, round: number): Kind {
  if ((client + round) % 2 === 0) return 'metrics';
  const place = client % 10;
  if (place === 9) return 'all';
  return place >= 6 ? 'known' : 'orphans';
}

interface Span {
  readonly started: number;
  readonly until: number;
  readonly every: number | null;
}

/**
 * Asks again and again. With a timetable each question is due at a moment of its own, drawn within its turn, and waits from then on
 * whether or not it could be asked: a slow answer is not spared the ones that come after it.
 */
async function keepAsking(
  { started, until, every }: Span,
  ask: (round: number, due: number) => Promise<void>,
): Promise<void> {
  for (let round = 0; ; round += 1) {
    const due = every === null ? performance.now() : started + (round + Math.random()) * every;
    if (due >= until) return;
    const early = due - performance.now();
    if (early > 0) await wait(early);
    await ask(round, due);
  }
}

async function load(plan: LoadPlan): Promise<LoadResult> {
  const started = performance.now();
  const counted = started + WARM_UP;
  const span = { started, until: counted + plan.seconds * 1000, every: plan.every };
  const tally = new Tally(counted);
  const askers: Asker[] = [];
  const asker = (address: string): Asker => {
    const made = new Asker(address, tally);
    askers.push(made);
    return made;
  };
  const clients = Array.from({ length: plan.clients }, async (_, client) => {
    const [api, metrics] = [asker(plan.api), asker(plan.metrics)];
    await keepAsking(span, async (round, due) => {
      const kind = kindOf(client, round);
      await (kind === 'metrics' ? metrics : api).ask(kind, due);
    });
  });
  const bare = Array.from({ length: BARE }, async () => {
    const nothing = asker(plan.bare);
    await keepAsking({ ...span, every: plan.every ?? 1000 }, (_, due) => nothing.ask('bare', due));
  });
  await Promise.all([...clients, ...bare]);
  await Promise.all(askers.map((each) => each.close()));
  const kinds = Object.fromEntries(KINDS.map((kind) => [kind, tally.resultOf(kind)]));
  const findings = tally.resultOf('orphans', 'known', 'all');
  return {
    kinds: kinds as LoadResult['kinds'],
    findings,
    perSecond: (findings.requests + tally.resultOf('metrics').requests) / plan.seconds,
    troubles: tally.troubles,
  };
}

process.on('disconnect', () => process.exit(0));
process.once('message', (plan) => {
  void load(plan as LoadPlan).then((result) => {
    process.send?.(result, () => process.exit(0));
  });
});
