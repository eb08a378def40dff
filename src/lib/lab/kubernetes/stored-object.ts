import { type KubernetesObject } from '../scenario/world.ts';
import { type Entry } from './entry.ts';
import { type Exchange, type Target } from './exchange.ts';
import { badRequest, notFound } from './status.ts';

/** The object a path names, or the refusal. */
export function existing(lab: Exchange['lab'], { resource, namespace, name }: Target): Entry {
  const entry = lab.store.find(resource, namespace, name);
  if (entry === undefined) throw notFound(resource, name);
  return entry;
}

/** Whether nothing is to be stored. */
export function isDryRun(values: readonly string[]): boolean {
  const unknown = values.find((value) => value !== 'All');
  if (unknown !== undefined) {
    throw badRequest(`Invalid value: ${JSON.stringify(unknown)}: supported values: "All"`);
  }
  return values.length > 0;
}

export function hasFinalizers({ metadata }: KubernetesObject): boolean {
  return (metadata.finalizers ?? []).length > 0;
}

/** Kubernetes writes instants to the second. */
export function instant(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}
