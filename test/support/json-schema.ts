import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** A check against a published schema, as a reader of our output would make it. */
export function publishedSchema(
  name:
    | 'orphan-report'
    | 'validation-summary'
    | 'storage-analysis'
    | 'storage-report'
    | 'explanation'
    | 'history-export'
    | 'history-status'
    | 'cleanup-plan'
    | 'cleanup-run'
    | 'cleanup-history'
    | 'cleanup-plan-view'
    | 'cleanup-plan-list'
    | 'cleanup-run-list'
    | 'cleanup-audit'
    | 'scan-run'
    | 'event'
    | 'event-ticket'
    | 'persistent-volume-list'
    | 'persistent-volume-claim-list'
    | 'volume-snapshot-list'
    | 'storage-class-list'
    | 'truenas-volume-list'
    | 'zfs-snapshot-list'
    | 'pool-list'
    | 'finding-list'
    | 'truenas-info'
    | 'usage-summary'
    | 'growth-trends'
    | 'snapshot-trends'
    | 'report-summary'
    | 'error',
): ValidateFunction {
  const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true });
  formats.default(ajv);
  const file = path.join(import.meta.dirname, `../../schemas/${name}.schema.json`);
  const schema: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (typeof schema !== 'object' || schema === null) throw new TypeError(`${file} is no schema`);
  return ajv.compile(schema);
}
