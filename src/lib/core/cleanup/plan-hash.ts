import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { type CleanupPlan, type PlanBody } from './plan-schema.ts';

/** JSON with the keys of every object in order, so that equal values have equal texts. As RFC 8785 has it, for what plans hold. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => `${JSON.stringify(key)}:${canonicalJson(each)}`);
    return `{${entries.join(',')}}`;
  }
  return JSON.stringify(value);
}

export function hashOf(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)));
}

export function planHash(body: PlanBody): string {
  return `sha256:${hashOf(canonicalJson(body))}`;
}

export function sealPlan(body: PlanBody): CleanupPlan {
  return { ...body, plan_hash: planHash(body) };
}

/** Whether a plan is as it was when it was made. */
export function isIntact({ plan_hash: hash, ...body }: CleanupPlan): boolean {
  return planHash(body) === hash;
}

const ID_LENGTH = 16;

/**
 * What marks and file names call a plan by. A mark is part of the plan, so that it cannot hold the plan's own hash: this is made of the
 * plan as it is without one. Two plans of one instant that differ in anything have different ids.
 */
export function newPlanId(unnamed: Omit<PlanBody, 'plan_id'>): string {
  return hashOf(canonicalJson(unnamed)).slice(0, ID_LENGTH);
}

export function planId({ plan_id: id }: Pick<CleanupPlan, 'plan_id'>): string {
  return id;
}
