import { formatPath, placeText, type Origin } from './config.ts';
import { systemForms } from './decode.ts';
import { CREDENTIAL_KEYS } from './layers.ts';
import { type LoadedConfig } from './load.ts';

/** Where the configuration speaks of a system, for messages about it. */
export interface SystemPlace {
  /** `truenas` or `systems[0]`. */
  readonly key: string;
  /** Where its key or password came from, such as `$TRUENAS_API_KEY`; null where it has none. */
  readonly credential: string | null;
}

function originText(origin: Origin, file: string | null): string {
  return origin.kind === 'file' ? `line ${origin.line} of ${file ?? ''}` : placeText(origin);
}

/** Of every system, in the order of the configuration. */
export function systemPlaces({ effective, originOf, file }: LoadedConfig): readonly SystemPlace[] {
  return systemForms(effective).map(({ form, path }) => {
    const values = form as Readonly<Record<string, unknown>>;
    const used = CREDENTIAL_KEYS.find((key) => (values[key] ?? null) !== null);
    if (used === undefined) return { key: formatPath(path), credential: null };
    const origin = originText(originOf([...path, used]), file);
    const credential = used.endsWith('_file') ? `the file that is named by ${origin}` : origin;
    return { key: formatPath(path), credential };
  });
}
