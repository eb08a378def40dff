import { type Actor } from '../../cleanup/journal-schema.ts';
import {
  type CleanupPlan,
  type Intent,
  type PlanStep,
  type PlanSubject,
} from '../../cleanup/plan-schema.ts';
import { type ResourceRef } from '../../model/resource-ref.ts';
import { wrapWords } from '../text/columns.ts';
import { counted, formatInstant, formatSpan, joined } from '../text/format.ts';
import { fullHomeName, shortObjectName } from '../text/labels.ts';
import { printable } from '../text/safe.ts';
import { type Bytes, bytes, elapsed } from '../../model/units.ts';

/** A subject as the rest of the renderers knows objects. */
function refOf({ type, name, namespace, cluster, system }: PlanSubject): ResourceRef {
  const base = { type, name, namespace, discriminator: null };
  return system === null
    ? { ...base, location: 'kubernetes', cluster: cluster ?? '' }
    : { ...base, location: 'truenas', system };
}

export function subjectName(subject: PlanSubject): string {
  return shortObjectName(refOf(subject));
}

/** `system nas1` or `cluster prod`. */
export function subjectHome(subject: PlanSubject): string {
  return fullHomeName(refOf(subject));
}

export function targetName({ target }: Pick<PlanStep, 'target'>): string {
  return printable(target.side === 'truenas' ? target.system : target.cluster);
}

/** Who somebody is, and who says so. */
export function actorName(actor: Actor): string {
  switch (actor.kind) {
    case 'kubernetes':
      return printable(`${actor.name} (as cluster ${actor.cluster} knows them)`);
    case 'os':
      return printable(`${actor.name} (as the machine ${actor.host} knows them)`);
    case 'token':
      return printable(`${actor.name} (as the issuer ${actor.issuer} knows them)`);
    case 'policy':
      return printable(`the policy ${actor.name}`);
  }
}

/** The same for a column. */
export function shortActor(actor: Actor): string {
  if (actor.kind === 'os') return printable(`${actor.name}@${actor.host}`);
  if (actor.kind === 'token') return printable(`${actor.name} (${actor.issuer})`);
  return printable(
    actor.kind === 'policy' ? `policy ${actor.name}` : `${actor.name} (${actor.cluster})`,
  );
}

export function actorNames(actors: readonly Actor[]): string {
  return actors.length === 0 ? 'nobody' : joined(actors.map(actorName));
}

/** Whom it is about by name, and, where everything is asked for, by what cannot be mistaken. */
export function boundTo(
  { clusters, systems }: Pick<CleanupPlan, 'clusters' | 'systems'>,
  wide: boolean,
): string {
  return joined([
    ...clusters.map(({ name, uid }) =>
      printable(wide ? `cluster ${name} (uid ${uid})` : `cluster ${name}`),
    ),
    ...systems.map(({ name, host, host_id: id, version }) =>
      printable(`system ${name} (TrueNAS ${version} at ${host}${wide ? `, host id ${id}` : ''})`),
    ),
  ]);
}

/** Lines below each other, each broken to fit, the further ones under the first. */
export function indented(
  indent: string,
  text: string,
  width: number,
  hang = '',
): readonly string[] {
  return wrapWords(printable(text), width - indent.length, hang).map((line) => indent + line);
}

/** An instant with how far away it is: what somebody has to compare with their own clock is compared for them. */
export function instantFrom(instant: Date, now: Date): string {
  const away = elapsed(now, instant);
  const text = away < 0 ? `${formatSpan(elapsed(instant, now))} ago` : `in ${formatSpan(away)}`;
  return `${formatInstant(instant)}, ${text}`;
}

const NOUNS: Readonly<Record<Intent, readonly [singular: string, plural: string]>> = {
  repair: ['repair', 'repairs'],
  quarantine: ['quarantine', 'quarantines'],
  delete: ['deletion', 'deletions'],
  destroy: ['destruction', 'destructions'],
};

export function countedIntent(count: number, intent: Intent): string {
  return counted(count, ...NOUNS[intent]);
}

/** What a plan comes to once what it puts aside is destroyed as well. */
export function bytesInTheEnd({
  bytes_now: now,
  bytes_later: later,
}: CleanupPlan['summary']): Bytes {
  return bytes(Math.min(now + later, Number.MAX_SAFE_INTEGER));
}

/** A command as somebody types it; `flags` are those of the command that is running, without which it would act on something else. */
export function commandLine(words: string, flags: readonly string[]): string {
  return printable(['truenas-monitor', 'cleanup', words, ...flags].join(' '));
}

/** `-o name` of what has an id: what the next command takes. */
export function idLine(id: string): string {
  return `${printable(id)}\n`;
}

/** Blocks of lines with an empty one between them, as everything for people ends up. */
export function blocksOf(blocks: readonly (readonly string[])[]): string {
  const filled = blocks.filter((lines) => lines.length > 0);
  return `${filled.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}
