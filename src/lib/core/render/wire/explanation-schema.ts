import { z } from 'zod';
import { SCHEMA_VERSION } from '../../model/report.ts';
import { orphanReportSchema } from './schema.ts';

/*
 * The wire form of an explanation. A chain is a flat list of nodes, each with the id of the one above it: that is easier to
 * search than a tree, and a tree is easily made of it.
 */

const report = orphanReportSchema.shape;
const finding = report.findings.element;
const skipped = report.skipped.element;
const text = z.string();

const subject = z.strictObject({
  type: finding.shape.type,
  name: text,
  namespace: text.nullable(),
  cluster: text.nullable(),
  system: text.nullable(),
});

const confidence = finding.shape.confidence;

const node = z.strictObject({
  id: z.int().nonnegative().describe('place in this list'),
  parent: z.int().nonnegative().nullable().describe('id of the node above; null at the top'),
  role: text.describe('what it is to the node above: claim, volume, handle, dataset, snapshot, …'),
  state: z
    .enum(['present', 'absent', 'unknown'])
    .describe('absent only where everything it was looked for in was read whole'),
  kind: text.describe('what it is, or what should be there'),
  name: text.nullable(),
  namespace: text.nullable(),
  cluster: text.nullable(),
  system: text.nullable(),
  asked: z.boolean().describe('this is what was to be explained'),
  beside: z.boolean().describe('it leans on the chain and is judged for itself'),
  message: text.nullable().describe('what is missing, or what must not be overlooked'),
  created_at: finding.shape.created_at,
  age_seconds: finding.shape.age_seconds,
  size_bytes: finding.shape.size_bytes,
  approximate: finding.shape.approximate,
  join: z
    .strictObject({ key: text, confidence })
    .nullable()
    .describe('by which key it was joined to the node above'),
  facts: z
    .record(text, z.union([text, z.number(), z.boolean()]))
    .describe('sizes in bytes under names that end in _bytes, instants in ISO 8601'),
});

const check = z.strictObject({
  check: text,
  decides: z
    .enum(['finding', 'confidence', 'note'])
    .describe(
      'finding: unless it passed there is none; confidence: unless it passed the finding is only likely',
    ),
  result: z.enum(['passed', 'failed', 'unknown']),
  detail: text,
});

const story = z
  .strictObject({
    rule: text,
    title: text,
    state: z.enum(['reported', 'suppressed', 'silent', 'skipped']),
    subject: subject.nullable().describe('null for a rule that was skipped'),
    reason: text.nullable().describe('why there is no finding, or why it was suppressed'),
    checks: z.array(check),
    finding: finding.nullable().describe('what was reported or suppressed, as the report has it'),
    because: skipped.shape.because.describe('what a skipped rule lacks'),
  })
  .describe('what came of one rule on one object of the chain');

const blocker = z.strictObject({
  kind: text,
  state: z.enum(['present', 'unknown']).describe('unknown: it could not be seen'),
  what: text,
  step: text.nullable().describe('what to do about it'),
});

const chain = z.strictObject({
  subjects: z.array(subject),
  nodes: z.array(node),
  rules: z.array(story),
  deletable: z.boolean().describe('false where nothing of what was asked for is there'),
  blockers: z
    .array(blocker)
    .describe('what stands in the way of deleting it, in the order to resolve it'),
  remarks: z.array(text).describe('what else is to be known before it is deleted'),
});

export const explanationSchema = z
  .strictObject({
    schema_version: z.literal(SCHEMA_VERSION),
    kind: z.literal('Explanation'),
    timestamp: report.timestamp,
    cached: report.cached,
    cached_age_seconds: report.cached_age_seconds,
    complete: report.complete,
    asked: text.describe('as it was typed'),
    sources: report.sources,
    clusters: report.clusters,
    systems: report.systems,
    chains: z.array(chain).describe('more than one where several objects have the name'),
  })
  .describe('one object, everything that hangs together with it, and what every rule said of it');

export type ExplanationWire = z.infer<typeof explanationSchema>;
