import { type Confidence } from '../model/finding.ts';
import { CLEANUP_ACTIONS, type Remedy } from '../model/remedy.ts';
import { type DatasetPlace } from '../model/resource-ref.ts';

interface Found {
  readonly id: string;
  readonly confidence: Confidence;
  readonly place: DatasetPlace | null;
  /** Another tool would undo it. */
  readonly isManaged: boolean;
}

/** Changes nothing: the way of whoever has read a report. */
export const PLAN_COMMAND = 'truenas-monitor cleanup plan';

/** Whether clean-up plans it, where it is asked for at least. */
export function isForCleanup({ command }: Pick<Remedy, 'command'>): boolean {
  return command?.startsWith(PLAN_COMMAND) ?? false;
}

/** An argument as a shell takes it: names on a NAS may hold spaces. */
export function shellWord(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** The command of this tool that carries a remedy out; what the rule named, else null, where clean-up does not. */
export function commandFor(
  { id, confidence, place, isManaged }: Found,
  { action, command }: Pick<Remedy, 'action' | 'command'>,
): string | null {
  if (action === 'adopt-dataset' && place !== null) {
    return `truenas-monitor cleanup adopt ${shellWord(place.path)}`;
  }
  const carriesOut = CLEANUP_ACTIONS.has(action) && confidence === 'certain' && !isManaged;
  return carriesOut ? `${PLAN_COMMAND} --finding ${id}` : command;
}
