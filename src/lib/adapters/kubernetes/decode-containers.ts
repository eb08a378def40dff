import { type Container } from '../../core/model/container.ts';
import { CSI_ARGUMENTS } from './allow-list.ts';
import { instantAt } from './decode-meta.ts';
import { isRecord, listAt, recordAt, textAt, type JsonRecord } from './json.ts';
import { sharedList, sharedText } from './shared-values.ts';

/*
 * Containers of pods that serve storage. Those of all others would be most of what a scan holds, and are of no use to it.
 */

const NONE: readonly Container[] = Object.freeze([]);

/** The containers of a pod of a CSI driver or a snapshot controller, without those that only prepare it. */
export function decodeContainers(pod: JsonRecord): readonly Container[] {
  const containers = listAt(recordAt(pod, 'spec'), 'containers').filter(isRecord);
  if (!containers.some(servesStorage)) return NONE;
  const statuses = listAt(recordAt(pod, 'status'), 'containerStatuses').filter(isRecord);
  return containers.flatMap((container) => {
    const name = sharedText(textAt(container, 'name'));
    if (name === null) return [];
    const status = statuses.find((each) => each['name'] === name) ?? {};
    return { name, image: imageOf(container), args: argumentsOf(container), ...stateOf(status) };
  });
}

/** Only a CSI driver or one of its sidecars is told so. */
const TELLING = /^--?(?:csi-name|csi-address|kubelet-registration-path|driver-config-file)(?:=|$)/;

/** Name of an image without where it comes from: `csi-provisioner`, `democratic-csi`, `snapshot-controller`. */
const SERVING = /(?:^|[-_])(?:csi|snapshot-controller)(?:[-_]|$)/;

function servesStorage(container: JsonRecord): boolean {
  return (
    // Platforms that build it themselves hide what it is behind the digest of an image.
    container['name'] === 'snapshot-controller' ||
    SERVING.test(repositoryOf(imageOf(container))) ||
    wordsOf(container).some((word) => TELLING.test(word))
  );
}

function imageOf(container: JsonRecord): string {
  return sharedText(textAt(container, 'image')) ?? '';
}

/** The last part of an image's path, without tag and digest. */
function repositoryOf(image: string): string {
  const [path = ''] = image.split('@');
  return path.slice(path.lastIndexOf('/') + 1).replace(/:.*$/, '');
}

function wordsOf(container: JsonRecord): readonly string[] {
  return [...listAt(container, 'command'), ...listAt(container, 'args')].filter(
    (word) => typeof word === 'string',
  );
}

const ALLOWED: ReadonlySet<string> = new Set(CSI_ARGUMENTS);

/** What is said of an allowed flag, always as `--flag=value`. */
function argumentsOf(container: JsonRecord): readonly string[] {
  const words = wordsOf(container);
  const kept = words.flatMap((word, index) => {
    const [, flag = '', value] = /^--?([\w-]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (!ALLOWED.has(flag)) return [];
    const next = words[index + 1];
    const said = value ?? (next?.startsWith('-') === false ? next : undefined);
    return said === undefined ? `--${flag}` : `--${flag}=${expand(said, container)}`;
  });
  return sharedList(kept);
}

/** Fills in variables as the kubelet does, as far as the pod spells them out. */
function expand(text: string, container: JsonRecord): string {
  if (!text.includes('$(')) return text;
  const variables = listAt(container, 'env').filter(isRecord);
  return text.replaceAll(/\$\(([\w.-]+)\)/g, (whole, name: string) => {
    const variable = variables.find((each) => each['name'] === name);
    return variable === undefined ? whole : (textAt(variable, 'value') ?? whole);
  });
}

function stateOf(
  status: JsonRecord,
): Pick<Container, 'ready' | 'restarts' | 'lastEndedAt' | 'waiting'> {
  const state = recordAt(status, 'state');
  const { restartCount } = status;
  return {
    ready: status['ready'] === true,
    restarts: typeof restartCount === 'number' ? restartCount : 0,
    // While it waits for its next start, the state before that is the one that ended.
    lastEndedAt: endOf(state) ?? endOf(recordAt(status, 'lastState')),
    waiting: sharedText(textAt(recordAt(state, 'waiting'), 'reason')),
  };
}

function endOf(state: JsonRecord): Date | null {
  return instantAt(recordAt(state, 'terminated'), 'finishedAt');
}
