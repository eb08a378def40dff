import { SEVERITIES, type Severity } from '../../model/finding.ts';
import { type DriverSecret } from '../../model/kubernetes.ts';
import { refInCluster } from '../../model/surroundings.ts';
import { type Inspection } from '../define-check.ts';

/** What was seen of one configuration; undefined where the check does not concern it. */
export type SecretJudgement = Omit<Inspection, 'subject'> | undefined;

/** The Secret a configuration is kept in. */
function keyOf({ cluster, namespace, name }: DriverSecret): string {
  return `${cluster} ${namespace}/${name}`;
}

/** Judges each Secret once, by the worst of the configurations it holds. */
export function* inspectSecrets(
  secrets: readonly DriverSecret[],
  judge: (secret: DriverSecret) => SecretJudgement,
): Iterable<Inspection> {
  for (const group of Map.groupBy(secrets, keyOf).values()) {
    const [first] = group;
    const worst = group
      .flatMap((secret) => judge(secret) ?? [])
      .toSorted((a, b) => rank(a) - rank(b) || (a.seen < b.seen ? -1 : 1))[0];
    if (first !== undefined && worst !== undefined) {
      yield { subject: refInCluster('DriverSecret', first), ...worst };
    }
  }
}

/** A fault first, by its weight; then what could not be seen. */
function rank({ sound, severity }: Omit<Inspection, 'subject'>): number {
  if (sound === true) return SEVERITIES.length + 2;
  if (sound === undefined) return SEVERITIES.length + 1;
  return severity === undefined ? SEVERITIES.length : weight(severity);
}

function weight(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}
