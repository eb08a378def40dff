import { expect, test } from 'vitest';
import { defaultStorageClass } from '../../../../src/lib/core/rules/validation/default-storage-class.ts';
import { aStorageClass, anInventory } from '../../../support/builders.ts';
import { outcomesIn, testCheck } from '../../../support/check-tester.ts';

const standard = aStorageClass({ name: 'standard', isDefault: true });

testCheck(defaultStorageClass, {
  'passes with one default class': [anInventory({ storageClasses: [standard] }), ['PASS prod']],
  'passes with none': [anInventory({ storageClasses: [aStorageClass()] }), ['PASS prod']],
  'says nothing where there is no class': [anInventory(), []],
  'warns of two': [
    anInventory({ storageClasses: [standard, aStorageClass({ isDefault: true })] }),
    ['WARNING prod'],
  ],
});

test('two are both the default, and three are all', () => {
  const messageWith = (...names: string[]) =>
    outcomesIn(
      defaultStorageClass,
      anInventory({ storageClasses: names.map((name) => ({ ...standard, name })) }),
    )[0]?.message;
  expect(messageWith('b', 'a')).toMatch(/^a and b are both the default: /);
  expect(messageWith('c', 'b', 'a')).toMatch(/^a, b and c are all the default: /);
});
