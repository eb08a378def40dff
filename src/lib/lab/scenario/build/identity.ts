/*
 * Names that look random and never change: the same seed gives the same uid, guid or key in every run, so
 * that a world is the same world each time it is built.
 */

/** Four independent 32-bit hashes of a text. Not cryptographic: nothing here is a secret. */
function hash128(seed: string): [number, number, number, number] {
  let a = 1779033703;
  let b = 3144134277;
  let c = 1013904242;
  let d = 2773480762;
  for (let index = 0; index < seed.length; index += 1) {
    const code = seed.charCodeAt(index);
    a = b ^ Math.imul(a ^ code, 597399067);
    b = c ^ Math.imul(b ^ code, 2869860233);
    c = d ^ Math.imul(c ^ code, 951274213);
    d = a ^ Math.imul(d ^ code, 2716044179);
  }
  a = Math.imul(c ^ (a >>> 18), 597399067);
  b = Math.imul(d ^ (b >>> 22), 2869860233);
  c = Math.imul(a ^ (c >>> 17), 951274213);
  d = Math.imul(b ^ (d >>> 19), 2716044179);
  const all = a ^ b ^ c ^ d;
  return [all >>> 0, (b ^ all) >>> 0, (c ^ all) >>> 0, (d ^ all) >>> 0];
}

function hex(word: number): string {
  return word.toString(16).padStart(8, '0');
}

/** A uid of version 4, as Kubernetes gives them. */
export function uuidOf(seed: string): string {
  const [a, b, c, d] = hash128(seed);
  const second = hex(b);
  const third = hex(c);
  const variant = '89ab'.charAt((c >>> 28) & 3);
  return `${hex(a)}-${second.slice(0, 4)}-4${second.slice(5)}-${variant}${third.slice(1, 4)}-${third.slice(4)}${hex(d)}`;
}

/** A ZFS guid: 64 bits as decimal text. */
export function guidOf(seed: string): string {
  const [a, b] = hash128(`guid ${seed}`);
  return ((BigInt(a) << 32n) | BigInt(b)).toString();
}

/** A number from 0 up to `limit`, `limit` not included. */
export function numberOf(seed: string, limit: number): number {
  return hash128(seed)[0] % limit;
}

/** 64 hex digits, as `system.host_id` and the secret part of an API key are written. */
export function hex64Of(seed: string): string {
  return [...hash128(`${seed} low`), ...hash128(`${seed} high`)].map(hex).join('');
}
