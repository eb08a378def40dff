import { describe, expect, test } from 'vitest';
import { matchesSelector, parseSelector } from '../../../src/lib/core/model/selector.ts';

const selects = (text: string, labels: Readonly<Record<string, string>>): boolean | undefined => {
  const selector = parseSelector(text);
  return selector && matchesSelector(selector, labels);
};

describe('a selector', () => {
  test.each([
    ['app=db', { app: 'db' }, true],
    ['app==db', { app: 'db' }, true],
    ['app=db', { app: 'web' }, false],
    ['app=db', {}, false],
    ['app=', { app: '' }, true],
    ['app!=db', { app: 'web' }, true],
    ['app!=db', {}, true],
    ['app!=db', { app: 'db' }, false],
    ['app in (db, web)', { app: 'web' }, true],
    ['app in (db,web)', { app: 'x' }, false],
    ['app notin (db)', {}, true],
    ['app notin (db)', { app: 'db' }, false],
    ['app', { app: '' }, true],
    ['app', {}, false],
    ['!app', {}, true],
    ['!app', { app: 'db' }, false],
    ['app=db, tier in (a, b),!old', { app: 'db', tier: 'b' }, true],
    ['app=db,tier in (a,b),!old', { app: 'db', tier: 'b', old: '' }, false],
    ['example.com/app_name=x', { 'example.com/app_name': 'x' }, true],
    ['toString', {}, false],
  ])('%s on %o: %s', (text, labels, expected) => {
    expect(selects(text, labels)).toBe(expected);
  });

  test.each(['', 'app=db,', '=db', 'app=a=b', 'app in db', 'app within (a)', '!', '-a=b', 'a b'])(
    'is none: %s',
    (text) => {
      expect(parseSelector(text)).toBeUndefined();
    },
  );
});
