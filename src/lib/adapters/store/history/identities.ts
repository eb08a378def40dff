import { type Estate, type NamedIdentity } from '../../../core/model/history.ts';
import { type Database, numberIn } from '../sqlite.ts';

export type IdentityKind = 'cluster' | 'system';

/** Numbers that stand for clusters, systems and estates; made when first asked for. */
export interface Identities {
  idOf(kind: IdentityKind, uid: string): number;
  estateOf(estate: Estate): number;
  /** Keeps the names, unless a later scan has given others. */
  name(kind: IdentityKind, named: readonly NamedIdentity[], at: number): void;
}

/** An estate is a set: neither order nor repetition make another. */
export function estateKey(uids: readonly string[]): string {
  return JSON.stringify([...new Set(uids)].sort());
}

export function identities(database: Database): Identities {
  const addIdentity = database.prepare('INSERT OR IGNORE INTO identity (kind, uid) VALUES (?, ?)');
  const findIdentity = database.prepare('SELECT id FROM identity WHERE kind = ? AND uid = ?');
  const addEstate = database.prepare(
    'INSERT OR IGNORE INTO estate (clusters, systems) VALUES (?, ?)',
  );
  const findEstate = database.prepare('SELECT id FROM estate WHERE clusters = ? AND systems = ?');
  const rename = database.prepare(
    'UPDATE identity SET name = ?, named_at = ? WHERE id = ? AND (named_at IS NULL OR named_at < ?)',
  );
  const known = new Map<string, number>();

  function cached(key: string, find: () => number): number {
    const before = known.get(key);
    if (before !== undefined) return before;
    const id = find();
    known.set(key, id);
    return id;
  }

  function idOf(kind: IdentityKind, uid: string): number {
    return cached(`${kind} ${uid}`, () => {
      addIdentity.run(kind, uid);
      return numberIn(findIdentity.get(kind, uid)?.['id']);
    });
  }

  return {
    idOf,
    estateOf({ clusters, systems }) {
      const keys = [estateKey(clusters), estateKey(systems)] as const;
      return cached(keys.join(' '), () => {
        addEstate.run(...keys);
        return numberIn(findEstate.get(...keys)?.['id']);
      });
    },
    name(kind, named, at) {
      for (const { id, name } of named) rename.run(name, at, idOf(kind, id), at);
    },
  };
}
