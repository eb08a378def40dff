import { type Severity } from '../../model/finding.ts';
import { type SuppressedFinding } from '../../model/report.ts';
import { typeName, type ResourceRef } from '../../model/resource-ref.ts';
import { fullHomeName, objectName } from '../text/labels.ts';
import { printable } from '../text/safe.ts';
import { messageOf } from './message.ts';
import { LEVELS } from './rule.ts';

/** The way a problem was left alone. */
export type Suppression = Omit<SuppressedFinding, 'finding'>;

/** One thing that is wrong with one object. */
export interface Problem {
  /** The same in every run. */
  readonly id: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly subject: ResourceRef;
  /** What is wrong; not yet printable. */
  readonly message: string;
  /** What to do, in order. */
  readonly steps: readonly string[];
  /** More of it, for whoever reads property bags. */
  readonly properties: Readonly<Record<string, string | number>>;
  /** Who said to leave it alone; null where nobody did. */
  readonly suppression: Suppression | null;
}

export function resultOf(problem: Problem, ruleIndex: number): object {
  const { id, rule, severity, suppression } = problem;
  return {
    ruleId: rule,
    ruleIndex,
    kind: 'fail',
    level: LEVELS[severity],
    message: { text: textOf(problem) },
    locations: [locationOf(problem.subject)],
    partialFingerprints: {
      'truenasMonitorFindingId/v1': id,
      // The only one that code scanning of GitHub compares.
      primaryLocationLineHash: `${id}:1`,
    },
    // Of all results or of none (3.27.23): an empty list says that nobody left this one alone.
    suppressions: suppression === null ? [] : [suppressionOf(suppression)],
    properties: { severity, ...problem.properties },
  };
}

/** The fact first, which is all that lists show, and below it what to do. */
function textOf({ subject, message, steps }: Problem): string {
  const numbered = steps.map((step, index) => messageOf(`${String(index + 1)}. ${step}`));
  const fact = `${objectName(subject)}: ${messageOf(message)}`;
  return numbered.length === 0 ? fact : `${fact}\n\n${numbered.join('\n')}`;
}

function locationOf(subject: ResourceRef): object {
  const name = printable(subject.name);
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(subject) },
      // There is no line, but viewers of files show nothing without one.
      region: { startLine: 1 },
    },
    logicalLocations: [
      {
        name,
        fullyQualifiedName: `${fullHomeName(subject)}: ${objectName(subject)}`,
        kind: 'resource',
      },
    ],
  };
}

/**
 * `type/[namespace/]name` as a relative reference. It never names the cluster or system, so that it stays the same
 * when another one joins; fingerprints tell the objects of two apart.
 */
function uriOf({ type, namespace, name }: ResourceRef): string {
  const path = `${typeName(type)}/${namespace === null ? '' : `${namespace}/`}${name}`;
  return path
    .split('/')
    .filter((segment) => segment !== '')
    .map(encodeSegment)
    .join('/');
}

function encodeSegment(segment: string): string {
  // Left as they are, these would lead out of the folder.
  if (/^\.{1,2}$/.test(segment)) return segment.replaceAll('.', '%2E');
  return encodeURIComponent(segment.toWellFormed()).replaceAll('%40', '@').replaceAll('%3A', ':');
}

function suppressionOf({ by, origin, reason, until }: Suppression): object {
  const end = until === null ? '' : `, until ${until.toISOString()}`;
  return {
    // A mark on the object itself is in its source, an entry of our configuration is not.
    kind: by === 'configuration' ? 'external' : 'inSource',
    status: 'accepted',
    justification: printable(`${reason} (${by} ${origin}${end})`),
  };
}
