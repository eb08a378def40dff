import {
  type IscsiAuth,
  type IscsiPortal,
  type NasAddress,
  type NasAlert,
  type NasService,
} from '../../core/model/truenas-surroundings.ts';
import {
  DecodeError,
  firstText,
  flagOf,
  instantOf,
  integerOf,
  isRow,
  listOf,
  type Row,
  textOf,
} from './decode-values.ts';

export function decodeIscsiPortal(row: Row, system: string): IscsiPortal {
  return {
    system,
    id: integerOf(row, 'id'),
    tag: (row['tag'] ?? null) === null ? null : integerOf(row, 'tag'),
    listen: listOf(row, 'listen').map((address) => {
      if (!isRow(address)) throw new DecodeError('"listen" holds no objects');
      return textOf(address, 'ip');
    }),
  };
}

export function decodeIscsiAuth(row: Row, system: string): IscsiAuth {
  return { system, id: integerOf(row, 'id'), tag: integerOf(row, 'tag') };
}

export function decodeService(row: Row, system: string): NasService {
  return {
    system,
    name: textOf(row, 'service'),
    running: textOf(row, 'state') === 'RUNNING',
    atBoot: flagOf(row, 'enable', false),
  };
}

export function decodeAlert(row: Row, system: string): NasAlert {
  const id = firstText(row, ['uuid', 'id']);
  if (id === null) throw new DecodeError('"uuid" is no text');
  return {
    system,
    id,
    level: textOf(row, 'level'),
    kind: textOf(row, 'klass'),
    // `text` is a template with its arguments left open.
    text: plainText(firstText(row, ['formatted', 'text']) ?? ''),
    at: instantOf(row['datetime']),
    dismissed: flagOf(row, 'dismissed', false),
  };
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#34;': '"',
  '&#39;': "'",
  '&nbsp;': ' ',
  '&amp;': '&',
};

/** The web interface shows alerts as HTML. */
function plainText(html: string): string {
  return html
    .replace(/<\/?[a-z][^<>]*>/gi, ' ')
    .replace(/&(?:lt|gt|quot|nbsp|amp|#34|#39);/g, (entity) => ENTITIES[entity] ?? entity)
    .replace(/\s+/g, ' ')
    .trim();
}

export function decodeAddress(row: Row, system: string): NasAddress {
  return { system, address: textOf(row, 'address') };
}
