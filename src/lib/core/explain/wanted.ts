import { findNearest } from '../model/did-you-mean.ts';
import { UsageError } from '../model/errors.ts';
import {
  findResourceType,
  RESOURCE_TYPES,
  TYPE_NAMES,
  typeName,
  type ResourceType,
} from '../model/resource-ref.ts';
import { findMounter } from './mounters.ts';

/** What somebody asks to have explained. */
export type Wanted =
  | { readonly kind: 'finding'; readonly id: string }
  | {
      readonly kind: 'object';
      /** As it was typed. */
      readonly text: string;
      /** Configured name of a cluster or system, where one was given. */
      readonly home: string | null;
      /** Null for whatever has the name. */
      readonly types: readonly ResourceType[] | null;
      /** `[namespace/]name`, or a path. */
      readonly name: string;
      /** It may as well be how a finding id begins; null where it cannot. */
      readonly idStart: string | null;
    };

const FINDING_ID = /^[0-9a-f]{16}$/;

/** Enough of an id to be typed for the whole. */
const ID_START = /^[0-9a-f]{6,15}$/;

export const FORMS =
  'Write a finding id, or at least 6 digits of it, or an object as -o name prints it: pv/NAME, pvc/NAMESPACE/NAME, dataset/PATH, zfssnapshot/PATH@NAME.';

/** Both are datasets to whoever types; and a snapshot may be one of either side. */
function spreadType(type: ResourceType, name: string): readonly ResourceType[] {
  if (type === 'Dataset' || type === 'Zvol') return ['Dataset', 'Zvol'];
  if (type === 'ZfsSnapshot' && !name.includes('@')) {
    return ['VolumeSnapshot', 'VolumeSnapshotContent', 'ZfsSnapshot'];
  }
  return [type];
}

function splitType(
  text: string,
): { readonly type: ResourceType; readonly name: string } | undefined {
  const slash = text.indexOf('/');
  const type = slash <= 0 ? undefined : findResourceType(text.slice(0, slash));
  const name = text.slice(slash + 1);
  return type === undefined || name === '' ? undefined : { type, name };
}

/** `@home:rest`, as `-o name` writes what is ambiguous. */
function splitHome(text: string): readonly [home: string | null, rest: string] {
  const colon = text.startsWith('@') ? text.indexOf(':') : -1;
  return colon < 2 ? [null, text] : [text.slice(1, colon), text.slice(colon + 1)];
}

/**
 * Reads what was typed behind `explain`: one word, or a type and a name. Throws a `UsageError` where it can name nothing.
 */
export function parseWanted(words: readonly string[]): Wanted {
  const [first = '', second] = words;
  if (second === undefined && FINDING_ID.test(first)) return { kind: 'finding', id: first };
  const text = second === undefined ? first : joinTyped(first, second);
  const [home, rest] = splitHome(text);
  const typed = splitType(rest);
  if (rest === '') throw new UsageError('nothing is named', { remediation: [FORMS] });
  if (findResourceType(rest.replace(/\/$/, '')) !== undefined) {
    throw new UsageError(`${rest} is a type, and no object of it is named`, {
      remediation: [FORMS],
    });
  }
  const idStart = ID_START.test(text) ? text : null;
  return typed === undefined
    ? { kind: 'object', text, home, types: null, name: rest, idStart }
    : {
        kind: 'object',
        text,
        home,
        types: spreadType(typed.type, typed.name),
        name: typed.name,
        idStart,
      };
}

function joinTyped(type: string, name: string): string {
  const [, bare] = splitHome(type);
  if (findResourceType(bare) !== undefined || findMounter(bare) !== undefined) {
    return `${type}/${name}`;
  }
  const meant = findNearest(bare, TYPE_NAMES);
  throw new UsageError(`there is no type ${JSON.stringify(bare)}`, {
    remediation: [
      ...(meant === undefined ? [] : [`Did you mean ${meant}?`]),
      `Use one of ${RESOURCE_TYPES.map(typeName).join(', ')}.`,
    ],
  });
}

export type WantedObject = Extract<Wanted, { kind: 'object' }>;
