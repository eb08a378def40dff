import { timingSafeEqual } from 'node:crypto';
import { type LabApiKey } from '../scenario/world.ts';
import { type Lab } from './method.ts';
import { type SessionUser } from './session.ts';

export function equalSecrets(left: string, right: string): boolean {
  const a = Buffer.from(left);
  const b = Buffer.from(right);
  return a.length === b.length && timingSafeEqual(a, b);
}

export type KeyVerdict =
  | { readonly state: 'valid'; readonly user: SessionUser }
  | { readonly state: 'invalid' }
  | { readonly state: 'expired' };

export function userOf(key: LabApiKey): SessionUser {
  return { username: key.username, roles: key.roles, keyId: key.id };
}

export function findKey(lab: Lab, id: number): LabApiKey | undefined {
  return lab.system.apiKeys.find((key) => key.id === id);
}

export function isExpired(lab: Lab, key: LabApiKey): boolean {
  const past = key.expiresAt !== undefined && Date.parse(key.expiresAt) <= lab.now().getTime();
  return key.revoked === true || past;
}

/** Checks a key in its wire form, `<id>-<secret>`. */
export function checkKey(lab: Lab, wire: string, username: string | null): KeyVerdict {
  const dash = wire.indexOf('-');
  const key = findKey(lab, Number(wire.slice(0, dash)));
  if (dash < 1 || key === undefined || !equalSecrets(key.secret, wire.slice(dash + 1))) {
    return { state: 'invalid' };
  }
  if (username !== null && key.username !== username) return { state: 'invalid' };
  return isExpired(lab, key) ? { state: 'expired' } : { state: 'valid', user: userOf(key) };
}

/** Checks a key sent over a WebSocket, where one that came in plain text from afar is revoked for ever. */
export function checkKeyOnSocket(lab: Lab, wire: string, username: string | null): KeyVerdict {
  const verdict = checkKey(lab, wire, username);
  const exposed = lab.faults.insecureTransport === true && lab.table.keysRevokedOverPlainText;
  if (verdict.state !== 'valid' || !exposed) return verdict;
  const key = findKey(lab, Number(verdict.user.keyId));
  if (key !== undefined) key.revoked = true;
  return { state: 'expired' };
}

export function checkPassword(lab: Lab, username: string, password: string): SessionUser | null {
  const user = lab.system.users?.find((candidate) => candidate.username === username);
  if (user === undefined || !equalSecrets(user.password, password)) return null;
  return { username, roles: user.roles, keyId: null };
}
