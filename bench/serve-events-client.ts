// Many who listen, in one process: started by serve-events.ts, which asks it what was heard.
import { WebSocket } from 'ws';
import { percentile } from './statistics.ts';

export type Question =
  | { readonly ask: 'open'; readonly address: string; readonly clients: number }
  /** One more, which asks for everything after an event, reads nothing of it, and still says that it is there. */
  | { readonly ask: 'dawdle'; readonly address: string; readonly after: number }
  | { readonly ask: 'last' }
  | { readonly ask: 'heard' };

/** Number of the last event, of those who have heard the least and the most. */
export interface Last {
  readonly least: number;
  readonly most: number;
}

export interface Heard {
  readonly open: number;
  /** Events after the state that each began with. */
  readonly events: number;
  /** That somebody did not get, or got twice or in another order. */
  readonly lost: number;
  /** Told how things are once more, in place of events. */
  readonly anew: number;
  /** From the first who heard an event to the last, in milliseconds. */
  readonly spread: { readonly p50: number; readonly p95: number; readonly most: number };
  readonly ended: readonly string[];
  readonly bytes: number;
}

interface Event {
  readonly first: number;
  last: number;
  heardBy: number;
}

const events = new Map<number, Event>();
const ended: string[] = [];
const listeners: Listener[] = [];
let [lost, anew, bytes] = [0, 0, 0];
let spreads: number[] = [];

/** Enough of a message to know which event it is, so that it is not the clients that are measured. */
const HEAD = /"type":"(\w+)","process":"([^"]+)","sequence":(\d+)/;

class Listener {
  readonly socket: WebSocket;
  readonly begun: Promise<void>;
  last = -1;
  process = '';

  constructor(address: string) {
    this.socket = new WebSocket(address, { perMessageDeflate: false });
    this.socket.on('close', (code, reason) => ended.push(`${code} ${reason.toString()}`));
    this.begun = new Promise((resolve, reject) => {
      this.socket.once('error', reject);
      this.socket.on('message', (data: Buffer) => {
        this.#hear(data);
        resolve();
      });
    });
  }

  #hear(data: Buffer): void {
    bytes += data.length;
    const [, type, process = '', digits] = HEAD.exec(data.toString('latin1', 0, 200)) ?? [];
    const sequence = Number(digits);
    if (type === 'state') {
      if (this.last !== -1) anew += 1;
      this.process = process;
    } else {
      if (sequence !== this.last + 1 || process !== this.process) lost += 1;
      noteEvent(sequence);
    }
    this.last = sequence;
  }
}

function noteEvent(sequence: number): void {
  const now = performance.now();
  const event = events.get(sequence);
  if (event === undefined) {
    events.set(sequence, { first: now, last: now, heardBy: 1 });
    return;
  }
  event.last = now;
  event.heardBy += 1;
}

function last(): Last {
  const lasts = listeners.map((listener) => listener.last);
  return { least: Math.min(...lasts), most: Math.max(...lasts) };
}

/** What was heard since it was last asked for, by all. */
function heard(): Heard {
  for (const event of events.values()) {
    // Each that somebody did not get at all counts as well.
    lost += listeners.length - event.heardBy;
    spreads.push(event.last - event.first);
  }
  const answer: Heard = {
    open: listeners.filter(({ socket }) => socket.readyState === WebSocket.OPEN).length,
    events: events.size,
    lost,
    anew,
    spread: {
      p50: percentile(spreads, 0.5),
      p95: percentile(spreads, 0.95),
      most: percentile(spreads, 1),
    },
    ended: [...ended],
    bytes,
  };
  events.clear();
  spreads = [];
  [lost, anew, bytes] = [0, 0, 0];
  return answer;
}

const AT_ONCE = 15;

/** Asks for the same again and again, and reads nothing of it. */
async function dawdle(address: string, after: number): Promise<void> {
  const socket = new WebSocket(address, { perMessageDeflate: false });
  socket.on('error', () => undefined);
  const process = await new Promise<string>((resolve, reject) => {
    socket.once('error', reject);
    socket.once('message', (data: Buffer) => {
      resolve(HEAD.exec(data.toString('latin1', 0, 200))?.[2] ?? '');
    });
  });
  socket.pause();
  const ask = (): void => {
    if (socket.readyState !== WebSocket.OPEN) return;
    socket.send(JSON.stringify({ type: 'resume', after, process }));
  };
  // Not as many as get it thrown out for asking: what it is told has to fill what lies between the two.
  for (let time = 0; time < AT_ONCE; time += 1) ask();
  const again = setInterval(ask, 1_500);
  again.unref();
}

async function answer(question: Question): Promise<unknown> {
  switch (question.ask) {
    case 'open':
      for (let client = 0; client < question.clients; client += 1) {
        listeners.push(new Listener(question.address));
      }
      await Promise.all(listeners.map(({ begun }) => begun));
      return 'open';
    case 'dawdle':
      await dawdle(question.address, question.after);
      return 'dawdling';
    case 'last':
      return last();
    case 'heard':
      return heard();
  }
}

process.on('disconnect', () => process.exit(0));
process.on('message', (question) => {
  void answer(question as Question).then((message) => process.send?.(message));
});
