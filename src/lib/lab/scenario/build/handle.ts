import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** How democratic-csi makes a volume id of a volume's name, where it is told to. */
export type IdHash = 'md5' | 'crc8' | 'crc16' | 'crc32';

/** CRC-8 with polynomial 0x07. */
function crc8(text: string): number {
  let crc = 0;
  for (const byte of Buffer.from(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x80 ? ((crc << 1) ^ 0x07) & 0xff : crc << 1;
  }
  return crc;
}

/** CRC-16 with polynomial 0x8005, bits reversed. */
function crc16(text: string): number {
  let crc = 0;
  for (const byte of Buffer.from(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1;
  }
  return crc;
}

/** The volume id: a sum is written as a decimal number. */
export function hashedHandle(hash: IdHash, name: string): string {
  if (hash === 'md5') return createHash('md5').update(name).digest('hex');
  const sum = { crc8, crc16, crc32 }[hash](name);
  return String(sum);
}

/** What a template may ask for. */
export interface TemplateValues {
  readonly name: string;
  readonly namespace: string;
  readonly claimName: string;
}

/** The part of Handlebars that templates of volume ids and asset names need. */
export function fillTemplate(template: string, values: TemplateValues): string {
  return template
    .replaceAll('{{ name }}', values.name)
    .replaceAll('{{ parameters.[csi.storage.k8s.io/pvc/namespace] }}', values.namespace)
    .replaceAll('{{ parameters.[csi.storage.k8s.io/pvc/name] }}', values.claimName);
}

/** Ids and names after the claim, as most people who use a template write it. */
export const CLAIM_TEMPLATE =
  '{{ parameters.[csi.storage.k8s.io/pvc/namespace] }}-{{ parameters.[csi.storage.k8s.io/pvc/name] }}';
