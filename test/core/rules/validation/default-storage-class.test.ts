import { defaultStorageClass } from '../../../../src/lib/core/rules/validation/default-storage-class.ts';
import { aStorageClass, anInventory } from '../../../support/builders.ts';
import { testCheck } from '../../../support/check-tester.ts';

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
