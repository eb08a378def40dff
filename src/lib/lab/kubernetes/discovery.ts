import { type IncomingMessage } from 'node:http';
import { type LabCluster } from '../scenario/world.ts';
import { type Exchange, json, plainText, type Reply } from './exchange.ts';
import { isReview, type Resource, RESOURCES, REVIEWS } from './resources.ts';

const STORED_VERBS = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'];

const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

const OPENSHIFT_GROUPS: ReadonlySet<string> = new Set([
  'config.openshift.io',
  'route.openshift.io',
]);

/** Groups few clusters have: they are installed where the world holds a list of their objects, if an empty one. */
const RARE_GROUPS: ReadonlySet<string> = new Set([
  'kubevirt.io',
  'cdi.kubevirt.io',
  'monitoring.coreos.com',
]);

/** Every resource this cluster has: what is not installed is as if it had never been heard of. */
export function installed({
  missingGroups = [],
  platform,
  objects,
  version: release,
}: LabCluster): Resource[] {
  return [...RESOURCES, ...REVIEWS].filter(({ group, version, plural }) => {
    if (plural === 'selfsubjectreviews' && version !== selfReviewVersion(release)) return false;
    if (OPENSHIFT_GROUPS.has(group) && platform !== 'openshift') return false;
    if (RARE_GROUPS.has(group) && objects[plural] === undefined) return false;
    return !missingGroups.includes(group);
  });
}

/** Who one is could be asked in 1.26 at first, in 1.27 by default, and has not changed since 1.28. */
function selfReviewVersion(release: string): string | undefined {
  const minor = Number(/^v?1\.(\d+)/.exec(release)?.[1] ?? Infinity);
  if (minor >= 28) return 'v1';
  return { 27: 'v1beta1', 26: 'v1alpha1' }[minor];
}

/** The paths by which a client finds out what there is; undefined for every other path. */
export function discover({ lab, request }: Exchange, path: string): Reply | undefined {
  const resources = installed(lab.cluster);
  switch (path) {
    case '/version':
      return reply(versionInfo(lab.cluster.version));
    case '/healthz':
    case '/livez':
    case '/readyz':
      return plainText(200, 'ok');
    case '/api':
      return rootReply(request, resources, true);
    case '/apis':
      return rootReply(request, resources, false);
    default:
      return groupReply(resources, path);
  }
}

function rootReply(request: IncomingMessage, resources: readonly Resource[], core: boolean): Reply {
  const served = resources.filter(({ group }) => (group === '') === core);
  if (wantsAggregated(request)) {
    return { ...reply(aggregated(served)), contentType: AGGREGATED };
  }
  if (core) {
    return reply({ kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] });
  }
  const groups = groupNames(served).map((group) => apiGroup(served, group));
  return reply({ kind: 'APIGroupList', apiVersion: 'v1', groups });
}

/** `/api/v1`, `/apis/<group>` and `/apis/<group>/<version>`. */
function groupReply(resources: readonly Resource[], path: string): Reply | undefined {
  if (path === '/api/v1') return resourceList(resources, '', 'v1');
  const [, group, version] = /^\/apis\/([^/]+)(?:\/([^/]+))?$/.exec(path) ?? [];
  const served = resources.filter((resource) => resource.group === group);
  if (group === undefined || served.length === 0) return undefined;
  if (version === undefined) {
    return reply({ kind: 'APIGroup', apiVersion: 'v1', ...apiGroup(served, group) });
  }
  const known = served.some((resource) => resource.version === version);
  return known ? resourceList(served, group, version) : undefined;
}

function resourceList(resources: readonly Resource[], group: string, version: string): Reply {
  return reply({
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: group === '' ? version : `${group}/${version}`,
    resources: resources
      .filter((resource) => resource.group === group && resource.version === version)
      .map((resource) => ({
        name: resource.plural,
        singularName: resource.kind.toLowerCase(),
        namespaced: resource.namespaced,
        kind: resource.kind,
        verbs: verbsOf(resource),
        ...(resource.shortNames.length === 0 ? {} : { shortNames: resource.shortNames }),
      })),
  });
}

function apiGroup(resources: readonly Resource[], group: string): Record<string, unknown> {
  const served = resources.filter((resource) => resource.group === group);
  const versions = versionsOf(served).map((version) => {
    return { groupVersion: `${group}/${version}`, version };
  });
  return { name: group, versions, preferredVersion: versions[0] };
}

/** One document for everything, which recent clients ask for first. */
function aggregated(resources: readonly Resource[]): Record<string, unknown> {
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: groupNames(resources).map((group) => {
      const served = resources.filter((resource) => resource.group === group);
      return {
        metadata: { name: group, creationTimestamp: null },
        versions: versionsOf(served).map((version) => ({
          version,
          freshness: 'Current',
          resources: served
            .filter((resource) => resource.version === version)
            .map((resource) => ({
              resource: resource.plural,
              responseKind: { group, version, kind: resource.kind },
              scope: resource.namespaced ? 'Namespaced' : 'Cluster',
              singularResource: resource.kind.toLowerCase(),
              verbs: verbsOf(resource),
              ...(resource.shortNames.length === 0 ? {} : { shortNames: resource.shortNames }),
            })),
        })),
      };
    }),
  };
}

function verbsOf(resource: Resource): readonly string[] {
  return isReview(resource) ? ['create'] : STORED_VERBS;
}

function versionsOf(resources: readonly Resource[]): string[] {
  return [...new Set(resources.map(({ version }) => version))];
}

function groupNames(resources: readonly Resource[]): string[] {
  return [...new Set(resources.map(({ group }) => group))];
}

function wantsAggregated(request: IncomingMessage): boolean {
  return (request.headers.accept ?? '').includes('g=apidiscovery.k8s.io;v=v2;');
}

function versionInfo(gitVersion: string): Record<string, unknown> {
  const [, major = '1', minor = '0'] = /^v?(\d+)\.(\d+)/.exec(gitVersion) ?? [];
  return {
    major,
    minor,
    gitVersion,
    gitCommit: '0000000000000000000000000000000000000000',
    gitTreeState: 'clean',
    buildDate: '2026-01-01T00:00:00Z',
    goVersion: 'go1.25.0',
    compiler: 'gc',
    platform: 'linux/amd64',
  };
}

function reply(body: unknown): Reply {
  return json(200, `${JSON.stringify(body)}\n`);
}
