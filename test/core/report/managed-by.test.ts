import { describe, expect, test } from 'vitest';
import { type Remedy } from '../../../src/lib/core/model/remedy.ts';
import { managedByNote, managerOf, remedyUnder } from '../../../src/lib/core/report/managed-by.ts';

type Texts = Readonly<Record<string, string>>;

const nameOf = (labels: Texts, annotations: Texts = {}): string | undefined =>
  managerOf({ labels, annotations })?.name;

const MANAGED_BY = 'app.kubernetes.io/managed-by';

describe('the manager of an object', () => {
  test('is nobody where nothing says so', () => {
    expect(nameOf({})).toBeUndefined();
    expect(nameOf({ app: 'shop', [MANAGED_BY]: 'somebody' })).toBeUndefined();
  });

  test('is the Argo CD application that tracks it', () => {
    const tracking = {
      'argocd.argoproj.io/tracking-id': 'shop:/PersistentVolumeClaim:shop/data',
    };
    expect(nameOf({}, tracking)).toBe('Argo CD application shop');
    expect(nameOf({ 'argocd.argoproj.io/instance': 'shop' })).toBe('Argo CD application shop');
  });

  test('is an Argo CD application by the common label only beside an annotation of Argo CD', () => {
    const labels = { 'app.kubernetes.io/instance': 'shop' };
    expect(nameOf(labels)).toBeUndefined();
    expect(nameOf(labels, { 'argocd.argoproj.io/sync-options': 'Prune=false' })).toBe(
      'Argo CD application shop',
    );
  });

  test('is the Kustomization or HelmRelease of Flux', () => {
    expect(
      nameOf({
        'kustomize.toolkit.fluxcd.io/name': 'apps',
        'kustomize.toolkit.fluxcd.io/namespace': 'flux-system',
      }),
    ).toBe('Flux Kustomization flux-system/apps');
    expect(nameOf({ 'helm.toolkit.fluxcd.io/name': 'postgres' })).toBe('Flux HelmRelease postgres');
  });

  test('is the Helm release, by annotation or by label', () => {
    expect(
      nameOf(
        { [MANAGED_BY]: 'Helm' },
        { 'meta.helm.sh/release-name': 'pg', 'meta.helm.sh/release-namespace': 'shop' },
      ),
    ).toBe('Helm release shop/pg');
    expect(nameOf({ [MANAGED_BY]: 'Helm', 'app.kubernetes.io/instance': 'pg' })).toBe(
      'Helm release pg',
    );
    expect(nameOf({ [MANAGED_BY]: 'Helm' })).toBe('its Helm release');
  });

  test('is whoever renders the chart rather than the chart', () => {
    expect(
      nameOf({ 'helm.toolkit.fluxcd.io/name': 'pg' }, { 'meta.helm.sh/release-name': 'pg' }),
    ).toBe('Flux HelmRelease pg');
  });

  test('is Terraform or OpenTofu, however it is written', () => {
    expect(nameOf({ [MANAGED_BY]: 'terraform' })).toBe('Terraform');
    expect(nameOf({ [MANAGED_BY]: 'OpenTofu' })).toBe('OpenTofu');
  });

  test('is the backup, schedule or restore of Velero', () => {
    expect(nameOf({ 'velero.io/backup-name': 'nightly' })).toBe('Velero backup nightly');
    expect(nameOf({ 'velero.io/schedule-name': 'nightly' })).toBe('Velero schedule nightly');
    expect(nameOf({ 'velero.io/restore-name': 'r1' })).toBe('Velero restore r1');
  });
});

describe('what a manager changes', () => {
  const remedy: Remedy = { action: 'none', safe: true, steps: ['Delete it.'], command: null };

  test('is that nothing is safe before it was changed there', () => {
    const manager = managerOf({ labels: { [MANAGED_BY]: 'Terraform' }, annotations: {} });
    expect(remedyUnder(manager, remedy)).toEqual({
      action: 'none',
      safe: false,
      steps: ['Change it in Terraform, or it comes back or is reported as drift.', 'Delete it.'],
      command: null,
    });
    expect(remedyUnder(undefined, remedy)).toBe(remedy);
  });

  test('is no doubt about the finding', () => {
    expect(managedByNote({ name: 'Terraform', step: '' })).toEqual({
      id: 'managed-by',
      weight: 'note',
      result: 'passed',
      detail: 'Terraform',
    });
  });
});
