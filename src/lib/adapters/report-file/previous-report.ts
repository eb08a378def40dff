import { type FileHandle, open } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { UsageError } from '../../core/model/errors.ts';
import { SEVERITIES } from '../../core/model/finding.ts';
import { type FindingMention, type PreviousReport } from '../../core/model/full-report.ts';
import { RESOURCE_TYPES, SURROUNDING_TYPES, typedName } from '../../core/model/resource-ref.ts';
import { SCHEMA_VERSION } from '../../core/model/report.ts';
import { bytes } from '../../core/model/units.ts';
import { scopeOf } from '../../core/report/report-changes.ts';

/** Larger than a report of a hundred thousand volumes; whatever is larger is none. */
const LARGEST = 256 * 1024 ** 2;
/** YAML takes many times its size of memory. */
const LARGEST_YAML = 32 * 1024 ** 2;

const orphans = z.object({
  schema_version: z.literal(SCHEMA_VERSION),
  kind: z.literal('OrphanReport'),
  timestamp: z.iso.datetime(),
  complete: z.boolean(),
  clusters: z.array(z.object({ name: z.string(), uid: z.string().nullable() })),
  systems: z.array(z.object({ name: z.string(), host_id: z.string().nullable() })),
  findings: z.array(
    z.object({
      id: z.string(),
      rule: z.string(),
      category: z.enum(['orphan', 'drift', 'validation', 'health']),
      severity: z.enum(SEVERITIES),
      type: z.enum([...RESOURCE_TYPES, ...SURROUNDING_TYPES]),
      name: z.string(),
      namespace: z.string().nullable(),
      cluster: z.string().nullable(),
      system: z.string().nullable(),
      reclaimable_bytes: z.int().nonnegative(),
    }),
  ),
});
const full = z.object({
  schema_version: z.literal(SCHEMA_VERSION),
  kind: z.literal('StorageReport'),
  orphans,
});
const envelope = z.object({ schema_version: z.number(), kind: z.string() });

type OrphansWire = z.infer<typeof orphans>;

/**
 * An earlier report, as `report` or `orphans` wrote it with `-o json` or `-o yaml`. Throws a `UsageError` for whatever is
 * none, before anything is connected to.
 */
export async function readPreviousReport(path: string): Promise<PreviousReport> {
  const document = parseText(path, await readBounded(path));
  const result = z.union([full, orphans]).safeParse(document);
  if (!result.success) throw notAReport(path, document);
  return toPrevious(result.data.kind === 'StorageReport' ? result.data.orphans : result.data);
}

const TOO_LARGE = 'it is larger than any report';
const ADVICE = 'Name a file that report or orphans wrote with -o json or -o yaml.';

function refuse(path: string, what: string, cause?: unknown, advice = ADVICE): UsageError {
  return new UsageError(`--compare ${path}: ${what}`, {
    ...(cause !== undefined && { cause }),
    remediation: [advice],
    details: { file: path },
  });
}

async function readBounded(path: string): Promise<string> {
  try {
    await using file = await open(path);
    const info = await file.stat();
    // A device may have no end.
    if (!info.isFile() && !info.isFIFO()) {
      throw refuse(path, info.isDirectory() ? 'it is a directory' : 'it is neither file nor pipe');
    }
    if (info.size > LARGEST) throw refuse(path, TOO_LARGE);
    return await readWhole(file, path);
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    throw refuse(path, `it cannot be read (${codeOf(cause)})`, cause);
  }
}

/** A pipe, or a file that is still written to, has no size until it was read. */
async function readWhole(file: FileHandle, path: string): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of file.createReadStream({ autoClose: false })) {
    const read = piece as Buffer; // no encoding was asked for
    size += read.length;
    if (size > LARGEST) throw refuse(path, TOO_LARGE);
    pieces.push(read);
  }
  return Buffer.concat(pieces).toString('utf8');
}

const CODES: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a directory',
  EACCES: 'permission denied',
};

function codeOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  return CODES[code] ?? code;
}

function parseText(path: string, text: string): unknown {
  const isJson = /^\s*\{/.test(text);
  if (!isJson && text.length > LARGEST_YAML) {
    throw refuse(path, 'it is larger than can be read as YAML', undefined, 'Compare with JSON.');
  }
  try {
    // What this program writes holds no alias, and what holds some may grow without end.
    return isJson
      ? (JSON.parse(text) as unknown)
      : (parse(text, { maxAliasCount: 0, logLevel: 'silent' }) as unknown);
  } catch (cause) {
    throw refuse(path, 'it is neither JSON nor YAML', cause);
  }
}

function notAReport(path: string, document: unknown): UsageError {
  const { data } = envelope.safeParse(document);
  if (data === undefined) return refuse(path, 'it is no report');
  if (data.schema_version > SCHEMA_VERSION) {
    return refuse(
      path,
      'a newer version of this program wrote it',
      undefined,
      'Update truenas-monitor, or compare with an older report.',
    );
  }
  if (data.kind !== 'OrphanReport' && data.kind !== 'StorageReport') {
    return refuse(path, `it is a ${JSON.stringify(data.kind)}, which has no findings to compare`);
  }
  return refuse(path, 'it is a report that was changed or cut short');
}

function toPrevious(wire: OrphansWire): PreviousReport {
  const clusters = wire.clusters.map(({ name, uid }) => ({ name, id: uid }));
  const systems = wire.systems.map(({ name, host_id: id }) => ({ name, id }));
  return {
    takenAt: new Date(wire.timestamp),
    complete: wire.complete,
    clusters,
    systems,
    findings: wire.findings.map((finding): FindingMention => ({
      id: finding.id,
      rule: finding.rule,
      category: finding.category,
      severity: finding.severity,
      subject: typedName(finding),
      scope:
        finding.cluster === null
          ? scopeOf('system', finding.system ?? '', systems)
          : scopeOf('cluster', finding.cluster, clusters),
      reclaimable: bytes(finding.reclaimable_bytes),
    })),
  };
}
