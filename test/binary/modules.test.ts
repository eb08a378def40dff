import { Script } from 'node:vm';
import { expect, test } from 'vitest';
import { type ChunkStore, chunkLoader } from '../../bin/binary/modules.ts';

const CHUNKS: Readonly<Record<string, string>> = {
  'cli.js': `const { twice } = require('./twice.js'); exports.four = twice(2); exports.again = require('./twice.js').twice;`,
  'twice.js': `exports.twice = (n) => 2 * n; exports.file = __filename; exports.folder = __dirname;`,
  'starter.js': `exports.text = require('program:threads').threadText('work.js');`,
  'node.js': `exports.join = require('node:path').join; exports.plain = require('path').join;`,
  'odd.js': `require('no-such-package');`,
  'circle.js': `exports.before = true; exports.seen = require('./other.js').seen;`,
  'other.js': `exports.seen = require('./circle.js').before;`,
  'broken.js': `exports.a = ;`,
};

/** @param mark makes the texts others than before: V8 remembers within a process what it has compiled */
function store(cache: ChunkStore['cache'] = () => undefined, mark = ''): ChunkStore {
  return {
    cache,
    thread: (chunk) => `the thread of ${chunk}`,
    source: (name) => {
      const text = CHUNKS[name];
      if (text === undefined) throw new Error(`no chunk ${name}`);
      return `${text}// ${mark}`;
    },
  };
}

test('chunks load each other, each once, and what Node brings', () => {
  const loader = chunkLoader(store());
  expect(loader.load('cli.js')).toMatchObject({ four: 4 });
  expect(loader.load('cli.js')).toBe(loader.load('cli.js'));
  expect(loader.loaded.map(({ name }) => name)).toEqual(['cli.js', 'twice.js']);
  expect(loader.load('node.js')).toMatchObject({ join: expect.any(Function) as unknown });
  expect(loader.load('circle.js')).toEqual({ before: true, seen: true });
  expect(loader.load('twice.js')).toMatchObject({
    file: '/truenas-monitor/twice.js',
    folder: '/truenas-monitor',
  });
});

test('a package that was not bundled is missed as Node misses one', () => {
  expect(() => chunkLoader(store()).load('odd.js')).toThrow(
    expect.objectContaining({ code: 'MODULE_NOT_FOUND' }) as Error,
  );
  expect(() => chunkLoader(store()).load('broken.js')).toThrow(SyntaxError);
});

test.each([
  ['garbage', Buffer.from('garbage')],
  ['empty', Buffer.alloc(0)],
  ['of another text', new Script('1 + 1').createCachedData()],
])('compiled code that is %s is not used, and nothing is lost', (what, cached) => {
  const loader = chunkLoader(store(() => cached, what));
  expect(loader.load('cli.js')).toMatchObject({ four: 4 });
  expect(loader.loaded.every(({ script }) => script.cachedDataRejected !== false)).toBe(true);
});

test('compiled code of the same text is used', () => {
  const first = chunkLoader(store());
  first.load('cli.js');
  const cached = new Map(first.loaded.map(({ name, script }) => [name, script.createCachedData()]));
  const second = chunkLoader(store((name) => cached.get(name)));
  expect(second.load('cli.js')).toMatchObject({ four: 4 });
  expect(second.loaded.map(({ script }) => script.cachedDataRejected)).toEqual([false, false]);
});

test('a chunk learns how a thread of the program begins', () => {
  expect(chunkLoader(store()).load('starter.js')).toEqual({ text: 'the thread of work.js' });
});
