import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Permission } from '../../../../src/lib/core/model/kubernetes-surroundings.ts';
import { kubernetesPermissions } from '../../../../src/lib/core/rules/validation/kubernetes-permissions.ts';
import { anInventory } from '../../../support/builders.ts';
import { outcomesIn, testCheck } from '../../../support/check-tester.ts';
import { anApiGroup, aPermission } from '../../../support/surrounding-builders.ts';
import { withoutList } from '../../../support/rule-tester.ts';

const denied = (over: Partial<Permission> = {}) => aPermission({ allowed: false, ...over });
const secret = denied({
  verb: 'get',
  resource: 'secrets',
  namespace: 'democratic-csi',
  name: 'nas-nfs-driver-config',
});
const snapshots = denied({ group: 'snapshot.storage.k8s.io', resource: 'volumesnapshots' });
const machines = denied({ group: 'kubevirt.io', resource: 'virtualmachines' });
const needingAll = anInventory({
  apiGroups: [anApiGroup()],
  permissions: [denied(), denied({ resource: 'namespaces' }), secret, snapshots, machines],
});

testCheck(kubernetesPermissions, {
  'passes where everything may be read': [
    anInventory({ permissions: [aPermission()] }),
    ['PASS list persistentvolumes'],
  ],
  'fails for what volumes rest on, warns of the rest, and passes what is not installed': [
    needingAll,
    [
      'FAIL list persistentvolumes',
      'FAIL list volumesnapshots.snapshot.storage.k8s.io',
      'WARNING list namespaces',
      'WARNING democratic-csi/get secrets/nas-nfs-driver-config',
      'PASS list virtualmachines.kubevirt.io',
    ],
  ],
  'is skipped where it is not known whether there is anything to permit': [
    withoutList(anInventory({ permissions: [machines, denied()] }), 'apiGroups'),
    ['SKIPPED list virtualmachines.kubevirt.io', 'FAIL list persistentvolumes'],
  ],
});

test('the missing rule is in the steps, as RBAC takes it', () => {
  const rules = outcomesIn(kubernetesPermissions, needingAll).flatMap(({ steps }) => {
    const yaml = /`(- \{[^`]*\})`/.exec(steps.join('\n'))?.[1];
    return yaml === undefined ? [] : (parse(yaml) as readonly unknown[]);
  });
  expect(rules).toContainEqual({
    apiGroups: [''],
    resources: ['persistentvolumes'],
    verbs: ['list'],
  });
  expect(rules).toContainEqual({
    apiGroups: [''],
    resources: ['secrets'],
    resourceNames: ['nas-nfs-driver-config'],
    verbs: ['get'],
  });
});

test('what is lost without it decides how bad it is', () => {
  expect(
    outcomesIn(kubernetesPermissions, needingAll)
      .filter(({ status }) => status !== 'PASS')
      .map(({ severity, subject }) => `${severity} ${subject?.name ?? ''}`)
      .sort(),
  ).toEqual([
    'high list persistentvolumes',
    'high list volumesnapshots.snapshot.storage.k8s.io',
    'low get secrets/nas-nfs-driver-config',
    'medium list namespaces',
  ]);
});
