import { randomUUID } from 'node:crypto';
import { type MonitorEvent } from '../../app/serve/monitor.ts';
import {
  diffScans,
  type EstateView,
  NOTHING_KNOWN,
  type ScanChange,
  viewOf,
} from '../../core/serve/diff-scans.ts';
import { type EventWire } from '../../core/serve/event-schema.ts';
import {
  type EventHead,
  freshnessChanged,
  scanChange,
  scanFailed,
  scanFinished,
  scanStarted,
  type Sight,
  stateToWire,
} from '../../core/serve/events.ts';
import { freshnessOf, type ScanRun } from '../../core/serve/monitor-state.ts';
import { type ServedScan } from '../../core/serve/served-scan.ts';
import { type ServerContext } from '../context.ts';
import { EventLog, type LoggedEvent, type Telling, type Told, WHOLE_STATE } from './event-log.ts';

/** Turns what a monitor does into events, written once for all who listen. */
export class EventStream {
  /** Names this process: another one counts anew. */
  readonly process: string = randomUUID();
  readonly #context: Pick<ServerContext, 'monitor' | 'clock'>;
  readonly #log: EventLog;
  readonly #listeners = new Set<() => void>();
  readonly #stop: () => void;
  #view: EstateView = NOTHING_KNOWN;
  #stale: boolean | null = null;

  /** @param remembered events that are kept for those who were away */
  constructor(context: Pick<ServerContext, 'monitor' | 'clock'>, remembered: number) {
    this.#context = context;
    this.#log = new EventLog(remembered);
    this.#stop = context.monitor.listen((event) => {
      this.#hear(event);
    });
    this.catchUp();
  }

  get last(): number {
    return this.#log.last;
  }

  /** Whether everything after an event can still be told. */
  reaches(sequence: number): boolean {
    return this.#log.reaches(sequence);
  }

  find(sequence: number): LoggedEvent | undefined {
    return this.#log.find(sequence);
  }

  /** How things are after the last event. */
  state(sight: Sight): string {
    const { state } = this.#context.monitor;
    if (state.current !== null) this.#take(state.current);
    return JSON.stringify(stateToWire(this.#head(this.last), this.#view, state, sight));
  }

  /** @returns what ends it */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Takes notice of what came without an event: a scan that was kept is shown at the start, and results grow old by themselves. */
  catchUp(): void {
    const { current } = this.#context.monitor.state;
    if (current !== null) this.#take(current);
    this.#noticeAge();
    this.#tell();
  }

  close(): void {
    this.#stop();
    this.#listeners.clear();
  }

  #hear(event: MonitorEvent): void {
    switch (event.kind) {
      case 'scan-started':
        this.catchUp();
        this.#append((head) => scanStarted(head, event.run, this.#view.scan));
        break;
      case 'scan-failed':
        this.#append((head) => scanFailed(head, event.run, this.#view.scan));
        break;
      case 'scan-finished':
        this.#finish(event.run, event.scan);
        break;
      case 'engine':
        return;
    }
    this.#noticeAge();
    this.#tell();
  }

  #finish(run: ScanRun, scan: ServedScan): void {
    this.#log.append((sequence) => {
      const head = this.#head(sequence);
      const textFor = (sight: Sight): string =>
        JSON.stringify(scanFinished(head, run, scan, sight));
      return toSome(textFor(null), textFor(NO_NAMESPACES));
    });
    this.#take(scan);
  }

  /** What the first scan finds is news to nobody in particular, so everybody is told how things are. */
  #take(scan: ServedScan): void {
    const before = this.#view;
    if (before.scan === scan.id) return;
    if (before.scan === null) {
      this.#view = viewOf(scan);
      this.#log.append(() => toAll(WHOLE_STATE));
      return;
    }
    const { changes, view } = diffScans(before, scan);
    this.#view = view;
    for (const change of changes) this.#appendChange(change, before, scan.id);
  }

  #appendChange(change: ScanChange, before: EstateView, result: string): void {
    this.#log.append((sequence) => {
      const text = JSON.stringify(scanChange(this.#head(sequence), change, result));
      if (change.kind === 'health_changed') return toSome(text, null);
      const { id, namespace } = change.finding;
      const earlier = before.open.get(id) ?? before.unknown.get(id);
      // To those who may see but one of two namespaces it came or went, which is told by the whole state.
      const moved = earlier !== undefined && earlier.namespace !== namespace;
      if (moved) return toSome(text, WHOLE_STATE);
      return namespace === null ? toSome(text, null) : { ...toAll(text), within: namespace };
    });
  }

  #append(make: (head: EventHead) => EventWire): void {
    this.#log.append((sequence) => {
      const text = JSON.stringify(make(this.#head(sequence)));
      return toAll(text);
    });
  }

  #noticeAge(): void {
    const { monitor, clock } = this.#context;
    const stale = freshnessOf(monitor.state, clock.now())?.stale ?? null;
    if (stale === this.#stale) return;
    const first = this.#stale === null;
    this.#stale = stale;
    // The state that tells of the first result tells of its age as well.
    if (!first) this.#append((head) => freshnessChanged(head, monitor.state));
  }

  #head(sequence: number): EventHead {
    return { process: this.process, sequence, at: this.#context.clock.now() };
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

const NO_NAMESPACES: Sight = new Set();

function toAll(told: Told): Telling {
  return toSome(told, told);
}

/** @param whole for those who may see everything, as `limited` is for all others */
function toSome(whole: Told, limited: Told): Telling {
  return { whole, limited, within: null };
}
