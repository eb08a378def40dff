import { z } from 'zod';
import { SCHEMA_VERSION } from '../../model/report.ts';
import { orphanReportSchema } from './schema.ts';

/* The wire form of a page of a list, whatever it lists, and what rows of all lists say alike. */

const report = orphanReportSchema.shape;
const finding = report.findings.element.shape;
const text = z.string();
const count = z.int().nonnegative();

export const instant = report.timestamp;
export const bytes = finding.reclaimable_bytes.describe('a size in bytes');
export const labels = finding.labels;
export const findingIds = z
  .array(finding.id)
  .describe('findings about it that nobody said to leave alone');
export const approximate = finding.approximate;

/** How old the scan is that an answer is made from. */
export const freshness = {
  scan_id: text.describe('names the scan; another scan has another'),
  age_seconds: z.number().nonnegative().describe('how long ago the scan was made'),
  stale: z
    .boolean()
    .describe(
      'true where this may no longer be how things are: the last scan failed, or is overdue',
    ),
};

const page = z
  .strictObject({
    total: count.describe('rows that the filter lets through'),
    limit: count,
    offset: count,
    next: text.nullable().describe('path of the next page; null on the last'),
  })
  .describe('which part of the list this is');

/** What a page of any list says beside its kind and its rows, which are called `items`. */
export const aboutPage = {
  timestamp: instant.describe('of the scan'),
  ...freshness,
  complete: z
    .boolean()
    .describe('false where some source was not complete: what is not listed may be there'),
  page,
};

export const version = z.literal(SCHEMA_VERSION);

/** Findings, a page at a time, with the numbers of all that the filter lets through. */
export const findingListSchema = z
  .strictObject({
    schema_version: version,
    kind: z.literal('FindingList'),
    ...aboutPage,
    summary: report.summary,
    filtered_out: count.describe('findings the filter left out'),
    skipped: report.skipped,
    warnings: report.warnings,
    items: z.array(report.findings.element),
  })
  .describe('findings of the last scan, worst first');
