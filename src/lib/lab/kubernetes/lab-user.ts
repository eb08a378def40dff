import { type JsonRecord, recordAt, textAt } from './json.ts';

/** Somebody whom the cluster knows beside the owner of the lab's own token. */
export interface LabUser {
  readonly token: string;
  readonly username: string;
  readonly uid: string;
  readonly groups: readonly string[];
  /** What their token was made for; without it, the API of the cluster. */
  readonly audiences?: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
  /**
   * What they may do: `list persistentvolumes` everywhere, `list persistentvolumeclaims@media` in one namespace,
   * `create scans.truenas-monitor.io`, `get /metrics`.
   */
  readonly rights: readonly string[];
}

/** Whether one of the rights covers what a SubjectAccessReview asks; what is held everywhere is held in each namespace. */
export function mayDo({ rights, extra = {} }: LabUser, spec: JsonRecord, ns: string): boolean {
  // Whoever leaves out what limits a token asks about somebody else.
  if (JSON.stringify(recordAt(spec, 'extra')) !== JSON.stringify(extra)) return false;
  if ('nonResourceAttributes' in spec) {
    const { verb, path } = recordAt(spec, 'nonResourceAttributes');
    return rights.includes(`${String(verb)} ${String(path)}`);
  }
  const right = rightOf(recordAt(spec, 'resourceAttributes'));
  const namespace = textAt(recordAt(spec, 'resourceAttributes'), 'namespace') ?? ns;
  return rights.includes(right) || (namespace !== '' && rights.includes(`${right}@${namespace}`));
}

function rightOf({ verb = '', group = '', resource = '' }: JsonRecord): string {
  return `${String(verb)} ${String(resource)}${group === '' ? '' : `.${String(group)}`}`;
}
