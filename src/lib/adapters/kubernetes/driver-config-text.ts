import { parse } from 'yaml';
import { isRecord, textAt, type JsonRecord } from './json.ts';

/*
 * How the configuration file of democratic-csi is read. Keys and passwords are in it, so that no parser's message
 * leaves this file: it would quote the text.
 */

/** Values for `${NAME}`, as the pod of the driver gives them. */
export type DriverEnvironment = ReadonlyMap<string, string>;

/** Undefined where it is no YAML, or not a section. */
export function parseDriverConfig(text: string): JsonRecord | undefined {
  try {
    // Warnings would be printed, with what they warn of; what is silent would hide errors too.
    const document: unknown = parse(text, { logLevel: 'error', prettyErrors: false });
    return isRecord(document) ? document : undefined;
  } catch {
    return undefined;
  }
}

/**
 * A value as the driver would see it. Null where it is absent, or where a variable or a template is left that only
 * the driver itself can fill in.
 */
export function valueOf(
  record: JsonRecord,
  key: string,
  environment: DriverEnvironment,
): string | null {
  return expand(scalarAt(record, key), environment);
}

/** People leave out the quotes of what looks like a number. */
function scalarAt(record: JsonRecord, key: string): string | null {
  const value = record[key];
  return typeof value === 'number' ? String(value) : textAt(record, key);
}

function expand(text: string | null, environment: DriverEnvironment): string | null {
  if (text === null) return null;
  const expanded = text.replaceAll(
    /\$\{(\w+)\}/g,
    (whole, name: string) => environment.get(name) ?? whole,
  );
  const isOpen = expanded.includes('${') || expanded.includes('{{');
  return isOpen || expanded === '' ? null : expanded;
}

/** A host or address with or without a port, and nothing that could be more than that. */
const HOST = /^[\w.:[\]-]+$/;

/** The hosts of a connection, each once, with a port where one is written with it. */
export function hostsOf(
  { host, hosts }: JsonRecord,
  environment: DriverEnvironment,
): readonly string[] {
  const found = [host, hosts]
    .flat()
    .flatMap((value) => (typeof value === 'string' ? value.split(',') : []))
    .map((value) => expand(value.trim(), environment))
    .map((value) => value?.replace(/^\w+:\/\//, '').replace(/\/.*$/, ''))
    .map((value) => value?.slice(value.lastIndexOf('@') + 1) ?? '')
    .filter((value) => HOST.test(value));
  return [...new Set(found)];
}
