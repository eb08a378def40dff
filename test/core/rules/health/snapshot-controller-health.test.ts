import { snapshotControllerHealth } from '../../../../src/lib/core/rules/health/snapshot-controller-health.ts';
import { anInventory, aPod, meta } from '../../../support/builders.ts';
import { testCheck } from '../../../support/check-tester.ts';
import { aContainer } from '../../../support/surrounding-builders.ts';

const controller = (name: string, ready: boolean) =>
  aPod({
    ...meta(name, 'kube-system'),
    ready,
    containers: [
      aContainer({
        name: 'snapshot-controller',
        image: 'registry.k8s.io/sig-storage/snapshot-controller:v8.2.1',
        args: ['--leader-election'],
      }),
    ],
  });

testCheck(snapshotControllerHealth, {
  'passes where it runs': [anInventory({ pods: [controller('a', true)] }), ['PASS prod']],
  'fails where it does not': [anInventory({ pods: [controller('a', false)] }), ['FAIL prod']],
  'warns where one of two does': [
    anInventory({ pods: [controller('a', false), controller('b', true)] }),
    ['WARNING prod'],
  ],
  'says nothing where there is none in sight': [
    anInventory({ pods: [aPod({ containers: [aContainer()] })] }),
    [],
  ],
});
