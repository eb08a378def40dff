import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAnyList, LongList, parseLong } from '../../../src/lib/adapters/http/long-json.ts';

/** Rows of some hundred characters, of which thousands make a long answer. */
function rows(count: number, more: (at: number) => object = () => ({})): object[] {
  return Array.from({ length: count }, (_, at) => ({
    id: at,
    name: `tank/k8s/vols/pvc-${at}`,
    properties: { used: { rawvalue: '98304' }, origin: { rawvalue: '' } },
    padding: 'x'.repeat(200),
    ...more(at),
  }));
}

function listed(value: unknown): readonly unknown[] {
  if (!isAnyList(value)) throw new Error('it is no list');
  return [...value];
}

const frame = (result: unknown) => ({ jsonrpc: '2.0', result, id: 7 });

describe('a long answer', () => {
  it('has the same rows when they are parsed some at a time', () => {
    const all = rows(5_000);
    const answer = parseLong(JSON.stringify(frame(all)), 'result') as ReturnType<typeof frame>;
    expect(answer.result).toBeInstanceOf(LongList);
    expect({ ...answer, result: listed(answer.result) }).toEqual(frame(all));
  });

  it('may be gone through twice', () => {
    const list = parseLong(JSON.stringify(rows(2_000)), null);
    expect(listed(list)).toEqual(listed(list));
  });

  it('may be a list by itself, and written with spaces and line breaks', () => {
    const all = rows(2_000);
    for (const text of [JSON.stringify(all), JSON.stringify(all, null, 2)]) {
      const list = parseLong(text, null);
      expect(list).toBeInstanceOf(LongList);
      expect(listed(list)).toEqual(all);
    }
  });

  it('is not cut where rows of its rows begin as its own do', () => {
    const all = rows(600, (at) => ({ id: at, children: rows(3) }));
    expect(listed(parseLong(JSON.stringify(all), null))).toEqual(all);
  });

  it('is not cut inside a text that looks like the end of a row', () => {
    const all = rows(2_000, () => ({ note: '"},{"id":1,"x":"}]},{"id":' }));
    expect(listed(parseLong(JSON.stringify(all), null))).toEqual(all);
  });

  it('is parsed at once where its rows are where they only seem to be', () => {
    const all = rows(2_000);
    const inner = { error: { result: all }, id: 1 };
    expect(parseLong(JSON.stringify(inner), 'result')).toEqual(inner);
    const two = { result: all, more: [1] };
    expect(parseLong(JSON.stringify(two), 'result')).toEqual(two);
  });

  it('is refused rather than cut short where another list of such rows follows', () => {
    const text = JSON.stringify({ result: rows(2_000), next: 'page', more: rows(2) });
    const { result } = parseLong(text, 'result') as ReturnType<typeof frame>;
    expect(() => listed(result)).toThrow(SyntaxError);
  });

  it.each([
    [{ id: 1, result: 'x'.repeat(100_000) }],
    [{ id: 1, result: Array.from({ length: 20_000 }, (_, at) => at) }],
    [{ id: 1, result: [] as unknown[], padding: 'x'.repeat(100_000) }],
    [{ id: 1, error: { code: 5 }, padding: '"result":[{"id":1},{"id":2}]'.repeat(5_000) }],
  ])('is the same where it has no rows that are objects', (value) => {
    expect(parseLong(JSON.stringify(value), 'result')).toEqual(value);
  });

  it('that is no JSON in its middle cannot be gone through', () => {
    const text = JSON.stringify(frame(rows(2_000)));
    const middle = text.indexOf('"id":1500');
    const broken = `${text.slice(0, middle)}oops${text.slice(middle)}`;
    const { result } = parseLong(broken, 'result') as ReturnType<typeof frame>;
    expect(() => listed(result)).toThrow(SyntaxError);
  });

  it('that breaks off is no JSON', () => {
    const text = JSON.stringify(frame(rows(2_000)));
    expect(() => parseLong(text.slice(0, 300_000), 'result')).toThrow(SyntaxError);
  });

  it('is what JSON.parse says, whatever it is', () => {
    const row = fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue());
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 20 }), fc.nat(3), (some, spaces) => {
        const all = Array.from({ length: 400 }, (_, at) => ({
          id: at,
          padding: '},{"id":'.repeat(30),
          ...some[at % some.length],
        }));
        const text = JSON.stringify(frame(all), null, spaces);
        const answer = parseLong(text, 'result') as ReturnType<typeof frame>;
        expect(JSON.stringify({ ...answer, result: listed(answer.result) })).toBe(
          JSON.stringify(JSON.parse(text)),
        );
      }),
      { numRuns: 50 },
    );
  });
});
