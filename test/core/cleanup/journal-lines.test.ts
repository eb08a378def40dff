import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ChainEnd,
  chainStart,
  decodeEnd,
  decodeJournal,
  encodeEnd,
  encodeLine,
} from '../../../src/lib/core/cleanup/journal-lines.ts';
import { type JournalEntry } from '../../../src/lib/core/cleanup/journal-schema.ts';
import { canonicalJson, hashOf } from '../../../src/lib/core/cleanup/plan-hash.ts';
import { begun, moved, RUN } from '../../support/cleanup-journals.ts';
import { fuzzing } from '../../support/fuzzing.ts';

const START = chainStart('run', 'run-1');

function encoded(entries: readonly JournalEntry[], start = START): string[] {
  let end: ChainEnd = start;
  return entries.map((entry) => {
    const line = encodeLine(end, entry);
    end = line.end;
    return line.text;
  });
}

const LINES = encoded(RUN);
const BYTES = Buffer.from(LINES.join(''));

function decode(bytes: Uint8Array | string, start = START): ReturnType<typeof decodeJournal> {
  return decodeJournal(typeof bytes === 'string' ? Buffer.from(bytes) : bytes, start);
}

/** Where the last line begins. */
const LAST = Buffer.byteLength(LINES.slice(0, -1).join(''));

/** What was read is a beginning of what was written; short of it only where damage was found, or the last line has no end. */
function expectFound(bytes: Uint8Array): void {
  const { entries, damage } = decode(bytes);
  expect(entries).toEqual(RUN.slice(0, entries.length));
  if (damage !== null) {
    expect(damage).toBe(`line ${String(entries.length + 1)} is not what was written`);
    return;
  }
  // Nothing but what is after the last newline went unnoticed.
  const whole = bytes.subarray(0, bytes.lastIndexOf(0x0a) + 1);
  expect(BYTES.subarray(0, whole.length).equals(whole)).toBe(true);
  expect(whole.length).toBeGreaterThanOrEqual(LAST);
}

function with_(at: number, removed: number, ...inserted: readonly number[]): Uint8Array {
  return Buffer.concat([
    BYTES.subarray(0, at),
    Buffer.from(inserted),
    BYTES.subarray(at + removed),
  ]);
}

describe('a journal', () => {
  it('is read as it was written', () => {
    expect(decode(BYTES)).toMatchObject({ entries: RUN, damage: null, length: BYTES.length });
    const damage = 'its first line is missing';
    expect(decode('')).toMatchObject({ entries: [], damage, length: 0, end: START });
  });

  it('is one line of canonical JSON an entry, with its number and sum', () => {
    for (const [index, line] of LINES.entries()) {
      expect(line.endsWith('\n')).toBe(true);
      expect(line.slice(0, -1)).not.toContain('\n');
      const value: unknown = JSON.parse(line);
      expect(value).toMatchObject({ entry: RUN[index], seq: index + 1 });
      expect(line).toMatch(/,"seq":\d+,"sum":"[\da-f]{64}"\}\n$/);
    }
  });

  it('goes on where it ended', () => {
    const { end } = decode(BYTES);
    const entry = moved('rolling_back', 300);
    const { text } = encodeLine(end, entry);
    expect(decode(BYTES.toString() + text)).toMatchObject({
      entries: [...RUN, entry],
      damage: null,
    });
  });

  it('never has an entry written that could not be read again', () => {
    const broken = { ...begun(), at: 'yesterday' };
    expect(() => encodeLine(START, broken)).toThrow('at');
  });

  it('keeps what values hold, whatever it is', () => {
    const parameters = { numRuns: 100 * fuzzing().rounds, seed: fuzzing().seed };
    const property = fc.property(
      fc.string({ unit: 'binary' }),
      fc.dictionary(
        fc.string({ unit: 'binary' }).filter((key) => key !== '__proto__'),
        fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as null),
      ),
      (detail, raw) => {
        const target = { side: 'truenas', kind: 'dataset', where: { id: detail } } as const;
        const entry: JournalEntry = {
          ...{ type: 'intent', at: begun().at, step: 's01', attempt: 1, undo: false },
          saved: [{ target, identity: {}, raw }],
        };
        const { entries, damage } = decode(encoded([entry]).join(''));
        expect({ entries, damage }).toEqual({ entries: [entry], damage: null });
      },
    );
    fc.assert(property, parameters);
  });
});

describe('a damaged journal', () => {
  it('is found out wherever one bit of it is another', () => {
    // Every byte, one bit each: all bits of all bytes are the next test.
    for (let at = 0; at < BYTES.length; at += 1) {
      expectFound(with_(at, 1, (BYTES[at] ?? 0) ^ (1 << (at % 8))));
    }
  });

  it('is found out wherever one byte is another, missing or too many', () => {
    const parameters = { numRuns: 3_000 * fuzzing().rounds, seed: fuzzing().seed };
    const position = fc.nat(BYTES.length - 1);
    const byte = fc.oneof(
      fc.nat(255),
      fc.constantFrom(0x0a, 0x0d, 0x20, 0x22, 0x2c, 0x30, 0x5c, 0x7d, 0xef, 0xbb, 0xbf),
    );
    const kind = fc.constantFrom('changed', 'missing', 'added' as const);
    fc.assert(
      fc.property(position, byte, kind, (at, value, what) => {
        if (what === 'changed') expectFound(with_(at, 1, value));
        else if (what === 'missing') expectFound(with_(at, 1));
        else expectFound(with_(at, 0, value));
      }),
      parameters,
    );
  });

  it('is found out where bytes of a replacement character are gone, which looks the same as text', () => {
    const entry = { ...begun(), tool_version: 'x\ufffdy' };
    const bytes = Buffer.from(encoded([entry, moved('applying')]).join(''));
    const at = bytes.indexOf(Buffer.from('\ufffd'));
    const shorter = Buffer.concat([bytes.subarray(0, at + 2), bytes.subarray(at + 3)]);
    expect(shorter.toString()).toBe(bytes.toString());
    expect(decode(shorter).damage).toBe('line 1 is not what was written');
  });

  it('is found out where the same JSON is written in another way', () => {
    const [first = ''] = LINES;
    const [, second = ''] = LINES;
    for (const other of [
      ` ${second}`,
      second.replace('"seq":2', '"seq":2.0'),
      second.replace('"seq":2', '"seq":2e0'),
      second.replace('"seq"', '"\\u0073eq"'),
      second.replace('"seq":2', '"seq":1,"seq":2'),
      second.replace(/\}\n$/, ',"more":1}\n'),
      second.replace('\n', '\r\n'),
      `\ufeff${second}`,
      '\n',
      'null\n',
      '[]\n',
      '{}\n',
    ]) {
      expect(decode(first + other).damage).toBe('line 2 is not what was written');
    }
  });

  it('is found out where lines are left out, doubled, swapped, or of another journal', () => {
    const at = (index: number): string => LINES[index] ?? '';
    const others = encoded(RUN, chainStart('run', 'run-2'));
    const without = LINES.toSpliced(2, 1).join('');
    const doubled = LINES.toSpliced(2, 0, at(2)).join('');
    const swapped = LINES.toSpliced(2, 2, at(3), at(2)).join('');
    const foreign = LINES.toSpliced(2, 1, others[2] ?? '').join('');
    expect(decode(without)).toMatchObject({ damage: 'line 3 is not what was written' });
    expect(decode(doubled)).toMatchObject({ damage: 'line 4 is not what was written' });
    expect(decode(swapped)).toMatchObject({ damage: 'line 3 is not what was written' });
    expect(decode(foreign)).toMatchObject({ damage: 'line 3 is not what was written' });
    expect(decode(LINES.slice(1).join(''))).toMatchObject({ entries: [] });
    expect(decode(LINES.slice(1).join('')).damage).toBe('line 1 is not what was written');
  });

  it('is found out under another name or as another kind', () => {
    for (const start of [chainStart('run', 'run-2'), chainStart('plan', 'run-1')]) {
      expect(decode(BYTES, start).damage).toBe('line 1 is not what was written');
    }
  });

  it('tells what was before the damage, and where that ends', () => {
    const cut = LINES.slice(0, 4).join('');
    const { entries, length, damage } = decode(`${cut}{}\n${LINES.slice(5).join('')}`);
    expect(entries).toEqual(RUN.slice(0, 4));
    expect(length).toBe(Buffer.byteLength(cut));
    expect(damage).toBe('line 5 is not what was written');
  });

  it('is none where its end is missing and nobody knows how far it went: that is an append that was cut short', () => {
    const parameters = { numRuns: 1_000 * fuzzing().rounds, seed: fuzzing().seed };
    fc.assert(
      fc.property(fc.nat(BYTES.length), (length) => {
        const read = decode(BYTES.subarray(0, length));
        expect(read.damage).toBe(read.entries.length === 0 ? 'its first line is missing' : null);
        expect(read.entries).toEqual(RUN.slice(0, read.entries.length));
        expect(read.length).toBe(BYTES.subarray(0, length).lastIndexOf(0x0a) + 1);
        expect(read.end.seq).toBe(read.entries.length);
      }),
      parameters,
    );
  });
});

describe('a journal whose end is known', () => {
  const known = decode(BYTES).end;

  it('is damaged where it does not go as far, or goes another way', () => {
    expect(decodeJournal(BYTES, START, known).damage).toBeNull();
    for (let left = 1; left < LINES.length; left += 1) {
      const { damage, entries } = decodeJournal(
        Buffer.from(LINES.slice(0, left).join('')),
        START,
        known,
      );
      expect(entries).toEqual(RUN.slice(0, left));
      expect(damage).toBe(
        `it ends earlier than it did: ${String(left)} of at least ${String(LINES.length)} lines are left`,
      );
    }
    expect(decodeJournal(BYTES.subarray(0, -1), START, known).damage).toContain('ends earlier');
    const other = Buffer.from(encoded([...RUN.slice(0, -1), moved('rolled_back')]).join(''));
    expect(decodeJournal(other, START, known).damage).toBe(
      `line ${String(LINES.length)} is another than it was`,
    );
  });

  it('is sound where it goes further, whether or not the rest was cut short', () => {
    const longer = Buffer.from(encoded([...RUN, moved('rolling_back')]).join(''));
    for (const bytes of [longer, longer.subarray(0, -1), longer.subarray(0, -20)]) {
      expect(decodeJournal(bytes, START, known).damage).toBeNull();
    }
  });

  it('is told by a text that is read again, and by no other', () => {
    expect(decodeEnd(encodeEnd(known))).toEqual(known);
    for (const text of ['', 'x', '{}', '{"seq":0,"sum":""}', '[]']) {
      expect(decodeEnd(text)).toBeUndefined();
    }
  });
});

describe('a journal of a newer version', () => {
  it('is refused, and not called damaged, since its sums are right', () => {
    const { end, entries } = decode(LINES.slice(0, 2).join(''));
    for (const entry of [
      { type: 'audited', at: begun().at },
      { ...moved('done'), why: 'a field of tomorrow' },
    ]) {
      const seq = end.seq + 1;
      const sum = hashOf(`${end.sum}${canonicalJson(entry)}${String(seq)}`);
      const line = `${canonicalJson({ entry, seq, sum })}\n`;
      const read = decode(LINES.slice(0, 2).join('') + line);
      expect(read).toMatchObject({ entries, damage: 'line 3 was written by a newer version' });
    }
  });
});
