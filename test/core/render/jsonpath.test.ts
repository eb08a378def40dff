import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/lib/core/model/errors.ts';
import { evaluateTemplate } from '../../../src/lib/core/render/jsonpath/evaluate.ts';
import { parseTemplate } from '../../../src/lib/core/render/jsonpath/parse.ts';

const document = {
  kind: 'Shop',
  open: true,
  owner: null,
  'a.b/c': 'dotted',
  'two words': 'spaced',
  items: [
    { name: 'apple', price: 3, tags: ['red', 'round'], seller: { name: 'ann' } },
    { name: 'pear', price: 5, tags: ['green'], sold: true },
    { name: 'plum', price: 7, tags: [], owner: null },
  ],
};

function evaluate(template: string): string {
  return evaluateTemplate(parseTemplate(template), document);
}

describe('jsonpath, as kubectl reads it', () => {
  it.each([
    ['{.kind}', 'Shop'],
    ['{$.kind}', 'Shop'],
    ['{@.kind}', 'Shop'],
    ['.kind', 'Shop'],
    ['the {.kind} is {.open}', 'the Shop is true'],
    ['{.items[0].name}', 'apple'],
    ['{.items[-1].name}', 'plum'],
    ['{.items[0,2].name}', 'apple plum'],
    ['{.items[*].name}', 'apple pear plum'],
    ['{.items[*].price}', '3 5 7'],
    ['{.items[0:2].name}', 'apple pear'],
    ['{.items[1:].name}', 'pear plum'],
    ['{.items[:-1].name}', 'apple pear'],
    ['{.items[::2].name}', 'apple plum'],
    ['{.items[0]["name", "price"]}', 'apple 3'],
    ["{['two words']}", 'spaced'],
    ["{$.['kind']}", 'Shop'],
    ['{.a\\.b/c}', 'dotted'],
    ['{.items[0].tags}', '["red","round"]'],
    ['{.items[0].*}', 'apple 3 ["red","round"] {"name":"ann"}'],
    ['{.items[0].tags[*]}', 'red round'],
    ['{..name}', 'apple ann pear plum'],
    ['{.items[1]..[0]}', 'green'],
    ['{.kind}{"\\t"}{\'it\\\'s\'}{"\\n"}', "Shop\tit's\n"],
    ['{.kind " and " .open}', 'Shop and true'],
    ['{ .kind }', 'Shop'],
    ['{.items[0]. }', '{"name":"apple","price":3,"tags":["red","round"],"seller":{"name":"ann"}}'],
  ])('%s gives %j', (template, expected) => {
    expect(evaluate(template)).toBe(expected);
  });

  it.each([
    ['{.items[?(@.price==5)].name}', 'pear'],
    ['{.items[?(@.price!=5)].name}', 'apple plum'],
    ['{.items[?(@.price<5)].name}', 'apple'],
    ['{.items[?(@.price<=5)].name}', 'apple pear'],
    ['{.items[?(@.price>5)].name}', 'plum'],
    ['{.items[?(@.price >= 5.0)].name}', 'pear plum'],
    ['{.items[?(@.name=="pear")].price}', '5'],
    ["{.items[?(@.name=='pear')].price}", '5'],
    ['{.items[?(@.name>"apple")].name}', 'pear plum'],
    ['{.items[?(@.name<="apple")].name}', 'apple'],
    ['{.items[?(@.name>1)].name}', ''],
    ['{.items[?(@.sold)].name}', 'pear'],
    ['{.items[?(@.sold==true)].name}', 'pear'],
    ['{.items[?(@.owner==null)].name}', 'plum'],
    ['{.items[?(@.seller.name=="ann")].name}', 'apple'],
    ['{.items[?(@.name==$.items[2].name)].price}', '7'],
    ['{.items[0].tags[?(@=="red")]}', 'red'],
    ['{.items[?("pear"==@.name)].price}', '5'],
  ])('%s chooses %j', (template, expected) => {
    expect(evaluate(template)).toBe(expected);
  });

  it.each([
    '{.nothing}',
    '{.nothing.more}',
    '{.items[9].name}',
    '{.items[-9].name}',
    '{.kind[0]}',
    '{.kind[0:1]}',
    '{.kind.length}',
    '{.kind[*]}',
    '{.owner}',
    '{.constructor}',
    '{.toString}',
  ])('%s gives nothing where nothing is', (template) => {
    expect(evaluate(template)).toBe('');
  });

  it('repeats a range for each value, and ranges inside it', () => {
    expect(evaluate('{range .items[*]}{.name}={.price}{"\\n"}{end}')).toBe(
      'apple=3\npear=5\nplum=7\n',
    );
    const nested = '{range .items[*]}{.name}:{range .tags[*]}[{@}]{end};{ end }';
    expect(evaluate(nested)).toBe('apple:[red][round];pear:[green];plum:;');
  });

  it('reaches the whole document from inside a range with $', () => {
    expect(evaluate('{range .items[:1]}{$.kind}/{.name}{end}')).toBe('Shop/apple');
  });

  it('shows what could act on a terminal, and leaves the template as it was written', () => {
    const template = parseTemplate('{"\\n"}{.name}\n');
    expect(evaluateTemplate(template, { name: 'a\n\u001b[2J' })).toBe('\na\\n\\x1b[2J\n');
    const whole = parseTemplate('{.item}');
    expect(evaluateTemplate(whole, { item: { name: '\u202e' } })).toBe('{"name":"\\u202e"}');
  });

  it.each([
    ['{', 'expected a path'],
    ['{}x{.a', 'expected a path'],
    ['{.items[0}', 'expected "]"'],
    ['{.items[}', 'expected an index'],
    ['{.items[0,]}', 'expected an index'],
    ['{.items[::0]}', 'the step of a slice'],
    ['{.items[?(@.a==)]}', 'expected a path such as @.name'],
    ['{.items[?(@.a=="b"]}', 'expected ")"'],
    ['{.items[?(@.a=~"b")]}', 'expected ")"'],
    ['{"open}', 'this quote is never closed'],
    ['{range .items[*]}{.name}', 'a {range} without its {end}'],
    ['{.name}{end}', '{end} without a {range}'],
    ['{range nothing}{end}', 'expected a path'],
    ['{.a..}', 'expected a field name'],
    ['{kind}', 'expected a path'],
  ])('%s is refused, and the place named', (template, problem) => {
    expect(() => parseTemplate(template)).toThrow(UsageError);
    expect(() => parseTemplate(template)).toThrow(problem);
  });
});
