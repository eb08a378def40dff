import { also, certain, defineScenario, likely } from '../build/define.ts';
import { addDeployment } from '../build/deployment.ts';
import { unclaimed } from '../build/expect.ts';
import { addOne, addSound, finish, newSite } from '../build/site.ts';
import { addPathDriver } from '../build/path-driver.ts';
import { addPathVolume } from '../build/path-volume.ts';
import { addSnapshot } from '../build/snapshot.ts';
import { type Volume } from '../build/volume.ts';
import { type Scenario } from '../world.ts';

/** Marks by which tools know what is theirs, as they leave them on objects. */
const OWNERS: readonly {
  readonly name: string;
  readonly says: string;
  readonly labels?: Record<string, string>;
  readonly annotations?: Record<string, string>;
}[] = [
  {
    name: 'argo',
    says: 'Argo CD',
    annotations: { 'argocd.argoproj.io/tracking-id': 'shop:/PersistentVolume:shop/data' },
  },
  {
    name: 'flux',
    says: 'Flux',
    labels: {
      'kustomize.toolkit.fluxcd.io/name': 'apps',
      'kustomize.toolkit.fluxcd.io/namespace': 'flux-system',
    },
  },
  {
    name: 'helm',
    says: 'Helm',
    labels: { 'app.kubernetes.io/managed-by': 'Helm' },
    annotations: {
      'meta.helm.sh/release-name': 'shop',
      'meta.helm.sh/release-namespace': 'shop',
    },
  },
  { name: 'terraform', says: 'Terraform', labels: { 'app.kubernetes.io/managed-by': 'terraform' } },
];

/** What somebody keeps on purpose, or another tool would make again. */
export const KEEPER_TRAPS: readonly Scenario[] = [
  defineScenario({
    name: 'driver-keeps-deleted',
    description: 'the driver is told to leave deleted volumes on the NAS, and left one there',
    row: 32,
    build(version) {
      const site = newSite(version);
      addSound(site.nfs, 2);
      const keeping = addDeployment(site.cluster, site.nas, {
        protocol: 'iscsi',
        driver: 'org.democratic-csi.iscsi-archive',
        parent: 'tank/k8s/archive/vols',
        storageClass: 'nas-iscsi-archive',
        keepsDeleted: true,
      });
      addSound(keeping, 5);
      const kept = addOne(keeping, 'apps/kept', { gone: ['pv', 'claim'] });
      return finish(
        site,
        unclaimed(kept, likely).map((each) => also(each, { safe: false, says: 'retain' })),
      );
    },
  }),
  defineScenario({
    name: 'volume-marked-to-keep',
    description: 'the driver noted on a volume that it is to outlive its PersistentVolume',
    row: 32,
    build(version) {
      const site = newSite(version);
      addSound(site.nfs, 2);
      const tns = addPathDriver(site.cluster, site.nas, { driver: 'tns.csi.io', protocol: 'nfs' });
      for (const number of [1, 2, 3, 4, 5]) addPathVolume(tns, { claim: `apps/data-${number}` });
      const kept = addPathVolume(tns, {
        claim: 'apps/kept',
        deleteStrategy: 'retain',
        gone: ['pv', 'claim'],
      });
      return finish(
        site,
        unclaimed(kept, likely).map((each) => also(each, { safe: false, says: 'retain' })),
      );
    },
  }),
  defineScenario({
    name: 'owned-by-tools',
    description: 'released volumes that belong to GitOps and packaging tools',
    row: 34,
    build(version) {
      const site = newSite(version);
      addSound(site.nfs, 3);
      const expected = OWNERS.map(({ name, says, labels, annotations }) => {
        const volume = addOne(site.nfs, `shop/${name}`, {
          gone: ['claim'],
          policy: 'Retain',
          releasedDays: 30.5,
          ...(labels === undefined ? {} : { labels }),
        });
        if (volume.pv !== undefined && annotations !== undefined) {
          volume.pv.metadata.annotations = { ...volume.pv.metadata.annotations, ...annotations };
        }
        return also(certain('pv-released', volume.name), { safe: false, says });
      });
      return finish(site, expected);
    },
  }),
  defineScenario({
    name: 'owned-claims-and-snapshots',
    description: 'an unused claim and a forgotten snapshot content that tools would make again',
    row: 34,
    build(version) {
      const site = newSite(version);
      const [volume] = addSound(site.nfs, 3);
      const claim = addOne(site.nfs, 'shop/cache', {
        idle: true,
        labels: {
          'kustomize.toolkit.fluxcd.io/name': 'apps',
          'kustomize.toolkit.fluxcd.io/namespace': 'flux-system',
        },
      });
      const expected = [
        also(likely('pvc-unused', `${claim.namespace}/${claim.claimName}`), {
          safe: false,
          says: 'Flux',
        }),
      ];
      if (volume === undefined) return finish(site, expected);
      const snapshot = addSnapshot(volume, {
        name: 'before-release',
        days: 40.5,
        policy: 'Retain',
        gone: ['snapshot'],
        contentLabels: { 'app.kubernetes.io/managed-by': 'terraform' },
      });
      return finish(site, [
        ...expected,
        also(likely('snapshot-content-unclaimed', snapshot.contentName), {
          safe: false,
          says: 'Terraform',
        }),
      ]);
    },
  }),
  defineScenario({
    name: 'told-to-ignore',
    description: 'findings their owners asked not to be told of, and a mark that is only inherited',
    row: null,
    build(version) {
      const site = newSite(version);
      addSound(site.nfs, 9);
      const released = addOne(site.nfs, 'shop/released', {
        gone: ['claim'],
        policy: 'Retain',
        releasedDays: 30.5,
      });
      annotate(released, 'pv-released');
      const other = addOne(site.nfs, 'shop/other', {
        gone: ['claim'],
        policy: 'Retain',
        releasedDays: 30.5,
      });
      // Asked of another rule: this one still speaks.
      annotate(other, 'pv-failed');
      const marked = addOne(site.nfs, 'shop/marked', { gone: ['pv', 'claim'] });
      mark(marked, marked.dataset);
      const copied = addOne(site.nfs, 'shop/copied', { gone: ['pv', 'claim'] });
      mark(copied, marked.dataset);
      return finish(site, [certain('pv-released', other.name), ...unclaimed(copied)]);
    },
  }),
];

function annotate({ pv }: Volume, rules: string): void {
  if (pv === undefined) throw new Error('only what has a PersistentVolume');
  pv.metadata.annotations = { ...pv.metadata.annotations, 'truenas-monitor.io/ignore': rules };
}

/** Asks for silence about the dataset at a path, which need not be the one that carries the mark. */
function mark({ record }: Volume, path: string): void {
  if (record === undefined) throw new Error('only what has a dataset');
  record.userProperties['truenas-monitor:ignore'] = `${path};dataset-unclaimed,share-unclaimed`;
}
