import { type SecretName } from '../../core/model/driver-config.ts';
import { isRecord, listAt, recordAt, textAt, type JsonRecord } from './json.ts';

/*
 * A democratic-csi container says itself which file it is configured with and what the driver is called; the pod
 * says which Secret that file comes from.
 */

/** One configuration of a driver, and where it is kept. */
export interface DriverPlace {
  readonly secret: SecretName;
  /** Key of the Secret. */
  readonly key: string;
  /** CSI driver name. */
  readonly driver: string | null;
  /** Variables of the container whose values the pod spells out. */
  readonly environment: ReadonlyMap<string, string>;
}

/** The chart's, and what a Secret of one's own must have. */
export const CONFIG_KEY = 'driver-config-file.yaml';

/** The configurations that a pod's containers run with; none for any other pod. */
export function driverPlaces(pod: unknown): readonly DriverPlace[] {
  if (!isRecord(pod)) return [];
  const namespace = textAt(recordAt(pod, 'metadata'), 'namespace');
  const spec = recordAt(pod, 'spec');
  if (namespace === null) return [];
  return listAt(spec, 'containers')
    .filter(isRecord)
    .flatMap((container) => {
      const file = argumentOf(container, '--driver-config-file');
      const found = file === undefined ? undefined : findSecret(spec, container, file);
      if (found === undefined) return [];
      return {
        secret: { namespace, name: found.name },
        key: found.key,
        driver: argumentOf(container, '--csi-name') ?? null,
        environment: environmentOf(container),
      };
    });
}

/** `--name=value`, or `--name` and the value after it. */
function argumentOf(container: JsonRecord, name: string): string | undefined {
  const words = [...listAt(container, 'command'), ...listAt(container, 'args')].filter(
    (word) => typeof word === 'string',
  );
  const index = words.findIndex((word) => word === name || word.startsWith(`${name}=`));
  const value = words[index] === name ? words[index + 1] : words[index]?.slice(name.length + 1);
  return value === '' ? undefined : value;
}

interface SecretKey {
  readonly name: string;
  readonly key: string;
}

function findSecret(spec: JsonRecord, container: JsonRecord, file: string): SecretKey | undefined {
  for (const mount of listAt(container, 'volumeMounts').filter(isRecord)) {
    const within = fileWithin(mount, file);
    const volume = listAt(spec, 'volumes')
      .filter(isRecord)
      .find((each) => each['name'] === mount['name']);
    if (within === undefined || volume === undefined) continue;
    const found = secretOf(volume, within);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Path of the file in the mounted volume; undefined where it is in another one. */
function fileWithin(mount: JsonRecord, file: string): string | undefined {
  const mountPath = textAt(mount, 'mountPath')?.replace(/\/+$/, '');
  const subPath = textAt(mount, 'subPath');
  if (mountPath === undefined) return undefined;
  if (file === mountPath) return subPath ?? undefined;
  if (!file.startsWith(`${mountPath}/`)) return undefined;
  const rest = file.slice(mountPath.length + 1);
  return subPath === null ? rest : `${subPath.replace(/\/+$/, '')}/${rest}`;
}

/** The Secret behind a volume that holds this file, alone or as one of several projected ones. */
function secretOf(volume: JsonRecord, file: string): SecretKey | undefined {
  const own = recordAt(volume, 'secret');
  const projected = listAt(recordAt(volume, 'projected'), 'sources')
    .filter(isRecord)
    .map((source) => recordAt(source, 'secret'));
  for (const secret of [own, ...projected]) {
    const name = textAt(secret, 'secretName') ?? textAt(secret, 'name');
    const key = keyOf(secret, file);
    if (name !== null && key !== undefined) return { name, key };
  }
  return undefined;
}

/** Without `items` every key is a file of its own name. */
function keyOf(secret: JsonRecord, file: string): string | undefined {
  if (!Array.isArray(secret['items'])) return file;
  const item = secret['items'].filter(isRecord).find(({ path }) => path === file);
  return item === undefined ? undefined : (textAt(item, 'key') ?? undefined);
}

function environmentOf(container: JsonRecord): ReadonlyMap<string, string> {
  return new Map(
    listAt(container, 'env')
      .filter(isRecord)
      .flatMap(({ name, value }) =>
        typeof name === 'string' && typeof value === 'string' ? [[name, value] as const] : [],
      ),
  );
}
