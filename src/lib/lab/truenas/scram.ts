import { createHash, createHmac, pbkdf2Sync, randomBytes, type X509Certificate } from 'node:crypto';
import { type LabApiKey } from '../scenario/world.ts';
import { equalSecrets, findKey, isExpired, userOf } from './credentials.ts';
import { type Lab } from './method.ts';
import { type ScramState } from './session.ts';

/*
 * The server's side of SCRAM with SHA-512 (RFC 5802), as version 26 speaks it: the user is `name:<key id>`,
 * the password is the secret part of the key.
 */

const ITERATIONS = 4096;

const hmac = (key: Buffer, text: string): Buffer => createHmac('sha512', key).update(text).digest();
const hash = (data: Buffer): Buffer => createHash('sha512').update(data).digest();

function attribute(message: string, name: string): string | undefined {
  const part = message.split(',').find((item) => item.startsWith(`${name}=`));
  return part?.slice(2);
}

const unescape = (name: string): string => name.replaceAll('=2C', ',').replaceAll('=3D', '=');

/** The key a SCRAM user name stands for, if it can still be used. */
function keyOf(lab: Lab, name: string): LabApiKey | undefined {
  const colon = name.lastIndexOf(':');
  const key = findKey(lab, Number(name.slice(colon + 1)));
  const fits = key?.username === name.slice(0, colon) && !isExpired(lab, key);
  return fits ? key : undefined;
}

/** Answers the client's first message; null where it makes no sense or names no usable key. */
export function scramFirst(lab: Lab, message: string): ScramState | null {
  const parsed = /^((?:n|y|p=[\w.-]+),[^,]*,)(n=([^,]+),r=([^,]+).*)$/u.exec(message);
  const [, header = '', clientFirst = '', name = '', clientNonce = ''] = parsed ?? [];
  const key = keyOf(lab, unescape(name));
  if (key === undefined) return null;
  const salt = randomBytes(16);
  const nonce = clientNonce + randomBytes(18).toString('base64');
  const serverFirst = `r=${nonce},s=${salt.toString('base64')},i=${ITERATIONS}`;
  return { user: userOf(key), secret: key.secret, salt, nonce, header, clientFirst, serverFirst };
}

/** Channel binding `tls-server-end-point` (RFC 5929): the hash of the certificate, SHA-256 at least. */
function endPointBinding(certificate: X509Certificate): Buffer {
  const signature = certificate.signatureAlgorithm ?? '';
  const stronger = ['sha512', 'sha384'].find((name) => signature.toLowerCase().includes(name));
  return createHash(stronger ?? 'sha256')
    .update(certificate.raw)
    .digest();
}

function expectedBinding(lab: Lab, header: string): Buffer | null {
  if (!header.startsWith('p=')) return Buffer.from(header);
  if (!header.startsWith('p=tls-server-end-point,') || lab.certificate === null) return null;
  return Buffer.concat([Buffer.from(header), endPointBinding(lab.certificate)]);
}

/** Checks the client's proof; the server's own signature, or null where the proof is wrong. */
export function scramFinal(lab: Lab, state: ScramState, message: string): string | null {
  const proof = Buffer.from(attribute(message, 'p') ?? '', 'base64');
  const withoutProof = message.replace(/,p=[^,]*$/u, '');
  const binding = expectedBinding(lab, state.header)?.toString('base64');
  if (attribute(message, 'c') !== binding || attribute(message, 'r') !== state.nonce) return null;
  const salted = pbkdf2Sync(state.secret, state.salt, ITERATIONS, 64, 'sha512');
  const transcript = `${state.clientFirst},${state.serverFirst},${withoutProof}`;
  const clientKey = hmac(salted, 'Client Key');
  const signature = hmac(hash(clientKey), transcript);
  const expected = Buffer.from(clientKey.map((byte, index) => byte ^ (signature[index] ?? 0)));
  if (!equalSecrets(expected.toString('base64'), proof.toString('base64'))) return null;
  return `v=${hmac(hmac(salted, 'Server Key'), transcript).toString('base64')}`;
}
