import { UsageError } from '../core/model/errors.ts';
import { findResourceType, type ResourceType, TYPE_NAMES } from '../core/model/resource-ref.ts';
import { type LabelSelector, parseSelector } from '../core/model/selector.ts';
import { type Millis, millis, parseDuration } from '../core/model/units.ts';
import { badFlagValue } from './usage.ts';

/*
 * Values of flags in the words of core. Each reader throws a `UsageError` that names the flag and says
 * what it takes.
 */

function refuse(flag: string, value: string, advice: string): UsageError {
  return new UsageError(`--${flag} does not take ${JSON.stringify(value)}`, {
    remediation: [advice],
  });
}

export function readDuration(flag: string, value: string): Millis {
  const duration = parseDuration(value);
  if (duration === undefined) {
    throw refuse(flag, value, 'Write a duration with its unit, such as 30s, 5m, 24h or 30d.');
  }
  return duration;
}

export function readSelector(flag: string, value: string): LabelSelector {
  const selector = parseSelector(value);
  if (selector === undefined) {
    throw refuse(flag, value, 'Write a selector as kubectl takes it: app=db,tier!=cache,!legacy.');
  }
  return selector;
}

export function readType(flag: string, value: string): ResourceType {
  const type = findResourceType(value);
  if (type === undefined) throw badFlagValue(flag, value, TYPE_NAMES);
  return type;
}

/** An empty variable of a shell would silently choose what lies in no namespace. */
export function readName(flag: string, value: string): string {
  if (value.trim() === '') throw refuse(flag, value, `Write a name, or leave out --${flag}.`);
  return value;
}

/** One of a closed list of words. */
export function readWord<const W extends string>(
  flag: string,
  value: string,
  words: readonly W[],
): W {
  const word = words.find((each) => each === value);
  if (word === undefined) throw badFlagValue(flag, value, words);
  return word;
}

export function readCount(flag: string, value: string, most: number): number {
  const count = Number(value);
  if (!/^\d+$/.test(value) || count < 1 || count > most) {
    throw refuse(flag, value, `Write a whole number from 1 to ${most}.`);
  }
  return count;
}

/** Where a clock is put: at an instant, or forward from where it stands. */
export type ClockChange =
  | { readonly kind: 'at'; readonly instant: Date }
  | { readonly kind: 'forward'; readonly by: Millis };

export function readClockChange(flag: string, value: string): ClockChange {
  if (value.startsWith('+')) {
    return { kind: 'forward', by: readDuration(flag, value.slice(1)) };
  }
  const instant = new Date(value);
  if (
    !/^\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:\d{2}))?$/.test(value) ||
    Number.isNaN(instant.getTime())
  ) {
    throw refuse(
      flag,
      value,
      'Write an instant such as 2027-01-31T12:00:00Z, or a step such as +8d.',
    );
  }
  return { kind: 'at', instant };
}

export const NO_TIME = millis(0);
