import { z } from 'zod';
import { type JournalEntry, journalEntrySchema } from './journal-schema.ts';
import { canonicalJson, hashOf } from './plan-hash.ts';

/*
 * The lines of a journal. Each carries a sum over itself and every line before it, and the first of them starts from what the journal
 * is called. So no line can be changed, left out, doubled, moved or taken from another journal without its being found. It is
 * no seal: whoever owns the file can write all of it anew.
 */

export type JournalKind = 'plan' | 'run';

/** Where the next line follows on. */
export interface ChainEnd {
  /** How many lines there are. */
  readonly seq: number;
  readonly sum: string;
}

/** The text of an end, as it is kept beside its journal. */
export function encodeEnd({ seq, sum }: ChainEnd): string {
  return `${canonicalJson({ seq, sum })}\n`;
}

const endSchema = z.strictObject({ seq: z.int().positive(), sum: z.string() });

/** Undefined where it is none. */
export function decodeEnd(text: string): ChainEnd | undefined {
  try {
    return endSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Part of the first sum: a journal under another name is not the one that was written. */
export function chainStart(kind: JournalKind, id: string): ChainEnd {
  return { seq: 0, sum: hashOf(`truenas-monitor cleanup journal 1 ${kind} ${id}`) };
}

function nextEnd({ seq, sum }: ChainEnd, entry: unknown): ChainEnd {
  const next = seq + 1;
  return { seq: next, sum: hashOf(`${sum}${canonicalJson(entry)}${next}`) };
}

function lineOf(end: ChainEnd, entry: unknown): string {
  return canonicalJson({ entry, ...end });
}

export interface EncodedLine {
  /** With its newline. */
  readonly text: string;
  readonly end: ChainEnd;
}

/** The line of an entry. Throws for an entry that could not be read again. */
export function encodeLine(last: ChainEnd, entry: JournalEntry): EncodedLine {
  // What is written is what a reader gets: nothing but JSON, in the order of the canonical form.
  const value: unknown = JSON.parse(canonicalJson(journalEntrySchema.parse(entry)));
  const end = nextEnd(last, value);
  return { text: `${lineOf(end, value)}\n`, end };
}

export interface DecodedJournal {
  readonly entries: readonly JournalEntry[];
  /** What follows on the last whole line that is as it was written. */
  readonly end: ChainEnd;
  /** Bytes of these lines. What is after them, where nothing is damaged, is an append that was cut short. */
  readonly length: number;
  /** Why the rest is not to be believed, such as `line 7 is not what was written`; null where there is no such rest. */
  readonly damage: string | null;
}

const NEWLINE = 0x0a;

/**
 * Reads all lines that are whole. The first one that is not what was written ends it, since nothing after it can be proved.
 *
 * @param known an end that the journal had once, where one is known: it goes at least as far, and through that very sum
 */
export function decodeJournal(
  bytes: Uint8Array,
  start: ChainEnd,
  known: ChainEnd = start,
): DecodedJournal {
  const entries: JournalEntry[] = [];
  let end = start;
  let length = 0;
  for (;;) {
    const stop = bytes.indexOf(NEWLINE, length);
    if (stop === -1) return { entries, end, length, damage: damageAtEnd(end, known) };
    const line = readLine(bytes.subarray(length, stop), end, known);
    if (typeof line === 'string') {
      return { entries, end, length, damage: `line ${end.seq + 1} ${line}` };
    }
    entries.push(line.entry);
    end = line.end;
    length = stop + 1;
  }
}

/** What is wrong where no whole line is left. A file has its name only once its first line is in it. */
function damageAtEnd({ seq }: ChainEnd, known: ChainEnd): string | null {
  if (seq === 0) return 'its first line is missing';
  if (seq >= known.seq) return null;
  return `it ends earlier than it did: ${seq} of at least ${known.seq} lines are left`;
}

function readLine(bytes: Uint8Array, last: ChainEnd, known: ChainEnd): DecodedLine | string {
  const line = decodeLine(bytes, last);
  if (typeof line === 'string') return line;
  const isOther = line.end.seq === known.seq && line.end.sum !== known.sum;
  return isOther ? 'is another than it was' : line;
}

interface DecodedLine {
  readonly entry: JournalEntry;
  readonly end: ChainEnd;
}

const CHANGED = 'is not what was written';

/** @returns what is wrong with the line, as the end of a sentence about it, where something is */
function decodeLine(bytes: Uint8Array, last: ChainEnd): DecodedLine | string {
  const text = decodeText(bytes);
  const entry = text === undefined ? undefined : entryIn(text);
  if (entry === undefined) return CHANGED;
  const end = nextEnd(last, entry);
  // Compared as text, since JSON has many ways to write one value, and only one of them is ours.
  if (lineOf(end, entry) !== text) return CHANGED;
  const { data } = journalEntrySchema.safeParse(entry);
  return data === undefined ? 'was written by a newer version' : { entry: data, end };
}

/** Undefined for what is no UTF-8, of which several texts would look the same. */
function decodeText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function entryIn(text: string): unknown {
  try {
    const line: unknown = JSON.parse(text);
    return typeof line === 'object' && line !== null && 'entry' in line ? line.entry : undefined;
  } catch {
    return undefined;
  }
}
