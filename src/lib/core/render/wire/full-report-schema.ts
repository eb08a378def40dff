import { z } from 'zod';
import { SCHEMA_VERSION } from '../../model/report.ts';
import { analysisSchema } from './analysis-schema.ts';
import { orphanReportSchema } from './schema.ts';
import { validationSchema } from './validation-schema.ts';

/* The wire form of everything one scan says: the documents of the single commands, side by side. */

const report = orphanReportSchema.shape;
const finding = report.findings.element.shape;

const mention = z
  .strictObject({
    id: finding.id,
    rule: finding.rule,
    category: finding.category,
    severity: finding.severity,
    object: z.string().describe('type/[namespace/]name'),
    scope: z
      .string()
      .describe('uid of the cluster or host id of the system it is about, its name where unknown'),
    reclaimable_bytes: finding.reclaimable_bytes,
  })
  .describe('a finding where no more is known of it than an earlier report keeps');

const changes = z
  .strictObject({
    since: report.timestamp.describe('instant of the scan of the last report'),
    new: z.array(mention),
    fixed: z.array(mention),
    unknown: z.array(mention).describe('not found any more, and nobody could look'),
    came_and_went: z.int().nonnegative().describe('findings that were there in between alone'),
  })
  .describe('what came and went since the last report of this estate');

const comparison = z
  .strictObject({
    since: report.timestamp.describe('instant of the scan that is compared with'),
    new: z.array(mention),
    fixed: z.array(mention),
    unchanged: z.array(mention),
    unknown: z.array(mention).describe('not found any more, and nobody could look'),
    suppressed: z.array(mention).describe('left alone since, because somebody said so'),
    remarks: z.array(z.string()).describe('in what else the two reports differ'),
  })
  .describe('what is different from the report that --compare named');

export const fullReportSchema = z
  .strictObject({
    schema_version: z.literal(SCHEMA_VERSION),
    kind: z.literal('StorageReport'),
    timestamp: report.timestamp,
    complete: z.boolean().describe('false where some source of any part was not complete'),
    orphans: orphanReportSchema,
    analysis: analysisSchema,
    validation: validationSchema,
    health: validationSchema,
    changes: changes
      .nullable()
      .describe('null where no earlier report is remembered, or there is no history'),
    comparison: comparison.nullable().describe('null without --compare'),
  })
  .describe('everything one scan says of an estate, and what was different before');

export type FullReportWire = z.infer<typeof fullReportSchema>;
export type MentionWire = z.infer<typeof mention>;
