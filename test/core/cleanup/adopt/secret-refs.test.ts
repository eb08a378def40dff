import { describe, expect, test } from 'vitest';
import { adopted, aLostWorld, csiOf, refusal, withContext } from '../../../support/adopting.ts';
import { aDataset, aStorageClass, HANDLE } from '../../../support/builders.ts';

const context = { node_attach_driver: 'nfs', server: '10.10.0.5' };
const datasets = [aDataset({ properties: withContext(context, 'freenas-api-nfs') })];

function worldWith(secrets: Readonly<Record<string, string>>) {
  const parameters = Object.fromEntries(
    Object.entries(secrets).map(([name, value]) => [`csi.storage.k8s.io/${name}`, value]),
  );
  return aLostWorld({ datasets, storageClasses: [aStorageClass({ parameters })] });
}

describe('the Secrets of a volume', () => {
  test('are those that its class names for each call, after the volume and its claim', () => {
    const world = worldWith({
      'node-stage-secret-name': 'stage-${pv.name}',
      'node-stage-secret-namespace': 'storage',
      'controller-expand-secret-name': '${pvc.name}',
      'controller-expand-secret-namespace': '${pvc.namespace}',
    });
    expect(csiOf(adopted(world))).toMatchObject({
      nodeStageSecretRef: { name: `stage-${HANDLE}`, namespace: 'storage' },
      controllerExpandSecretRef: { name: 'wanted', namespace: 'apps' },
    });
  });

  test.each([{ 'node-stage-secret-name': 'stage' }, { 'node-stage-secret-namespace': 'storage' }])(
    'are none where the class says but half of it: %o',
    (half) => {
      expect(csiOf(adopted(worldWith(half)))).not.toHaveProperty('nodeStageSecretRef');
    },
  );

  test('include the one that deletes it', () => {
    const annotations = (secrets: Readonly<Record<string, string>>) =>
      adopted(worldWith(secrets)).manifests[0]?.['metadata'];
    const deletes = {
      'provisioner-secret-name': 'nas',
      'provisioner-secret-namespace': 'storage',
    };
    expect(annotations(deletes)).toMatchObject({
      annotations: {
        'volume.kubernetes.io/provisioner-deletion-secret-name': 'nas',
        'volume.kubernetes.io/provisioner-deletion-secret-namespace': 'storage',
      },
    });
    expect(annotations({})).toEqual({
      name: HANDLE,
      annotations: { 'pv.kubernetes.io/provisioned-by': 'org.democratic-csi.nfs' },
    });
  });

  test('are not guessed where an annotation of the lost claim named them', () => {
    const world = worldWith({
      'node-stage-secret-name': "${pvc.annotations['team']}",
      'node-stage-secret-namespace': 'storage',
    });
    expect(refusal(world)).toMatch(
      /StorageClass nas-nfs makes the name of a Secret of \$\{pvc\.annotations\['team'\]\}/,
    );
  });
});
