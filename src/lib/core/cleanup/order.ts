import { SEVERITIES, type Finding } from '../model/finding.ts';
import { type Made } from './steps/making.ts';

/** A finding and what is to be done about it. */
export interface Candidate {
  readonly finding: Finding;
  readonly made: Made;
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function ageOf({ createdAt }: Finding): number {
  return createdAt?.getTime() ?? Number.POSITIVE_INFINITY;
}

function compareNumbers(a: number, b: number): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/**
 * Which is taken first while the limits last: what helps somebody, then what is worst, oldest and largest. The same findings come
 * in the same order whatever order they were found in.
 */
export function compareCandidates(a: Candidate, b: Candidate): number {
  const repairs = Number(b.made.intent === 'repair') - Number(a.made.intent === 'repair');
  return (
    repairs ||
    SEVERITIES.indexOf(a.finding.severity) - SEVERITIES.indexOf(b.finding.severity) ||
    compareNumbers(ageOf(a.finding), ageOf(b.finding)) ||
    compareNumbers(b.made.bytes, a.made.bytes) ||
    compareText(a.finding.id, b.finding.id)
  );
}
