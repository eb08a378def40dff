import { combineCoverage, type Coverage } from '../model/coverage.ts';
import { findNearest } from '../model/did-you-mean.ts';
import { UsageError } from '../model/errors.ts';
import {
  RESOURCE_TYPES,
  typeName,
  type ResourceRef,
  type ResourceType,
} from '../model/resource-ref.ts';
import { firstFew } from '../render/text/format.ts';
import { printable } from '../render/text/safe.ts';
import { SHELVES } from './catalogue.ts';
import { cannotExplain, findMounter } from './mounters.ts';
import { type Scene } from './scene.ts';
import { FORMS, type WantedObject } from './wanted.ts';

const TYPES = `Types are ${RESOURCE_TYPES.map(typeName).join(', ')}; a pod is shown with the claims it uses.`;

function nameOf({ namespace, name }: ResourceRef): string {
  return namespace === null ? name : `${namespace}/${name}`;
}

function homeOf(ref: ResourceRef): string {
  return ref.location === 'kubernetes' ? ref.cluster : ref.system;
}

function isNamed(ref: ResourceRef, typed: string): boolean {
  const whole = nameOf(ref);
  // `-o name` spells out what could act on a terminal, and what it prints is what is typed.
  return whole === typed || ref.name === typed || printable(whole) === typed;
}

/** Every object of some types, or of all. */
function refsOf(types: readonly ResourceType[] | null, scene: Scene): ResourceRef[] {
  const shelves = new Set((types ?? RESOURCE_TYPES).flatMap((type) => SHELVES[type] ?? []));
  return [...shelves].flatMap((shelf) => shelf.refs(scene.evidence.inventory));
}

/** Places where a volume or content expects something that is not there: they can be asked for as well. */
function missingAt({ name, types }: WantedObject, scene: Scene): ResourceRef[] {
  const { volumeLinks, snapshotLinks } = scene.evidence.derived;
  const expected = [
    ...scene.ofCluster('persistentVolumes').flatMap((pv) => {
      const backend = volumeLinks.backendOf(pv);
      return backend.state === 'absent'
        ? { type: 'Dataset' as const, system: backend.system, name: backend.path }
        : [];
    }),
    ...scene.ofCluster('volumeSnapshotContents').flatMap((content) => {
      const backend = snapshotLinks.backendOf(content);
      const type = 'kind' in backend && backend.kind === 'dataset' ? 'Dataset' : 'ZfsSnapshot';
      return backend.state === 'absent'
        ? ({ type, system: backend.system, name: backend.id } as const)
        : [];
    }),
  ].filter((each) => each.name === name && (types?.includes(each.type) ?? true));
  const distinct = new Map(expected.map((each) => [`${each.type} ${each.system}`, each]));
  return [...distinct.values()].map((each) => ({
    ...each,
    location: 'truenas',
    namespace: null,
    discriminator: null,
  }));
}

function requireHome(home: string | null, scene: Scene): void {
  const { clusters, systems } = scene.evidence.inventory;
  const names = [...clusters, ...systems].map(({ identity }) => identity.name);
  if (home === null || names.includes(home)) return;
  throw new UsageError(`no cluster or system is called ${JSON.stringify(home)}`, {
    remediation: [`Use one of ${names.join(', ')}.`],
  });
}

/** How much was seen of the lists in which the object would be. */
function coverageOf({ types, home }: WantedObject, scene: Scene): Coverage {
  const sources = new Set((types ?? RESOURCE_TYPES).flatMap((type) => SHELVES[type]?.source ?? []));
  return combineCoverage([scene.coverageOf([...sources], home ?? undefined)]);
}

/** Somebody may name a pod, or what makes pods; but a pool may be called so as well. */
function notExplainable({ types, name, home }: WantedObject, scene: Scene): UsageError | undefined {
  const slash = name.indexOf('/');
  const mounter = types === null && slash > 0 ? findMounter(name.slice(0, slash)) : undefined;
  return mounter && cannotExplain(mounter, name.slice(slash + 1), home, scene);
}

function notFound(wanted: WantedObject, scene: Scene): UsageError {
  const { text, types, name, home } = wanted;
  const coverage = coverageOf(wanted, scene);
  if (coverage.state === 'partial' || coverage.state === 'failed') {
    return new UsageError(`${text} is not among what could be read, which is not everything`, {
      remediation: [`Mend this first, it may be there: ${coverage.reason}.`],
    });
  }
  const refs = refsOf(types, scene).filter((ref) => home === null || homeOf(ref) === home);
  const meant = findNearest(name, refs.map(nameOf));
  const near = refs.find((ref) => nameOf(ref) === meant);
  return new UsageError(`there is no ${types === null ? `object ${name}` : text}`, {
    remediation: [
      ...(near === undefined
        ? []
        : [`Did you mean ${typeName(near.type)}/${printable(nameOf(near))}?`]),
      FORMS,
      ...(types === null ? [TYPES] : []),
    ],
  });
}

/** More objects of one name than anybody wants to read about at once. */
const MOST = 8;

/** What has the name, or is expected under it. */
export function namedObjects(wanted: WantedObject, scene: Scene): readonly ResourceRef[] {
  const { home, types } = wanted;
  const isHere = (ref: ResourceRef): boolean => home === null || homeOf(ref) === home;
  const name = trimPath(wanted.name, types);
  const named = refsOf(types, scene).filter(
    (ref) => isHere(ref) && (types?.includes(ref.type) ?? true) && isNamed(ref, name),
  );
  return named.length > 0 ? named : missingAt({ ...wanted, name }, scene).filter(isHere);
}

/** The objects somebody means: several where several have the name. Throws a `UsageError` where none has. */
export function findObjects(wanted: WantedObject, scene: Scene): readonly ResourceRef[] {
  requireHome(wanted.home, scene);
  const found = namedObjects(wanted, scene);
  const [first] = found;
  if (first === undefined) throw notExplainable(wanted, scene) ?? notFound(wanted, scene);
  if (found.length <= MOST) return found;
  const example = `@${homeOf(first)}:${typeName(first.type)}/${printable(nameOf(first))}`;
  throw new UsageError(`${found.length} objects are called ${wanted.name}`, {
    remediation: [`Write which, with type, namespace and home: ${example} is one of them.`],
  });
}

/** A dataset may be typed as it is mounted. */
function trimPath(name: string, types: readonly ResourceType[] | null): string {
  if (types?.includes('Dataset') !== true) return name;
  return name.replace(/^\/mnt\//, '').replace(/\/+$/, '');
}

/** Says that several findings have ids that begin alike. */
export function severalFindings(start: string, ids: readonly string[]): UsageError {
  return new UsageError(`${ids.length} findings have an id that begins with ${start}`, {
    remediation: [`Write more of it: ${firstFew(ids, MOST)}.`],
  });
}

/** Says that no rule means anything by an id. */
export function noSuchFinding(id: string, known: readonly string[], complete: boolean): UsageError {
  const meant = findNearest(id, known);
  return new UsageError(`no rule has anything to say under the id ${id}`, {
    remediation: [
      ...(meant === undefined ? [] : [`Did you mean ${meant}?`]),
      complete
        ? 'Its object is gone, so the finding is over; see truenas-monitor orphans -o wide for those of now.'
        : 'Not everything could be read, so it may be there all the same: see truenas-monitor orphans.',
    ],
  });
}
