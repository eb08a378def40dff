import { type Row } from './decode-values.ts';

/** What 25.10 has moved into `options`, or has no more. */
export const SMB_OPTIONS_BEFORE_25_10 = [
  'path_suffix',
  'home',
  'timemachine',
  'timemachine_quota',
  'recyclebin',
  'guestok',
  'abe',
  'hostsallow',
  'hostsdeny',
  'aapl_name_mangling',
  'acl',
  'durablehandle',
  'shadowcopy',
  'streams',
  'fsrvp',
  'auxsmbconf',
  'afp',
] as const;

/** What says who may see an SMB share and how it behaves, beside its name and path. */
const SMB_SETTINGS = [
  'purpose',
  'options',
  'browsable',
  'audit',
  'access_based_share_enumeration',
  ...SMB_OPTIONS_BEFORE_25_10,
] as const;

/** What a scan asks for. It was `ro` before 25.10; a field that a version does not have is left out. */
export const SMB_FIELDS: readonly string[] = [
  ...['id', 'name', 'path', 'comment', 'enabled', 'locked', 'ro', 'readonly'],
  ...SMB_SETTINGS,
];

/** As text, which compares at once and takes little room. */
export function smbSettingsOf(row: Row): string {
  return JSON.stringify(
    Object.fromEntries(SMB_SETTINGS.flatMap((key) => (key in row ? [[key, row[key]]] : []))),
  );
}
