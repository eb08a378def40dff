import { z } from 'zod';
import { absent, count, datasetPath, quarantine, share, size, span, text } from './fields.ts';

/* What clean-up may do, as it is written. */

const protect = z.strictObject({
  path: absent(text()).describe(
    'Path of the dataset, or glob in which * stays below one slash and ** crosses them',
  ),
  namespace: absent(text()).describe('Namespace of the object or of its claim, or glob'),
  name: absent(text()).describe('Name of the Kubernetes object, or glob'),
});

const autoApprove = z.strictObject({
  rule: text().describe('Rule id or glob'),
  min_age: span().describe('Only what is at least this old'),
  max_bytes: size().describe('Only what takes at most this much'),
});

export const cleanup = z.strictObject({
  protect: z
    .array(protect)
    .default([])
    .describe('What clean-up never touches; each entry protects what matches all it says'),
  quarantine_for: quarantine()
    .default('7d')
    .describe('How long something is out of reach before it may be destroyed; 1h at least'),
  quarantine_parent: absent(datasetPath()).describe(
    'Dataset below which quarantined ones are moved, from TrueNAS 25.10 on; default: they stay where they are',
  ),
  max_items: count().default(10).describe('How many objects may be cleaned up in 24 hours'),
  max_bytes: size().default('1Ti').describe('How much may be cleaned up in 24 hours'),
  max_percent: share()
    .default(5)
    .describe(
      "How many of a parent's volumes may be cleaned up in 24 hours, in percent; one is always allowed",
    ),
  plan_ttl: span().default('1h').describe('How long a plan may be carried out'),
  approvals: count()
    .default(1)
    .describe('How many people have to approve; more than one by their identities in Kubernetes'),
  auto_approve: z
    .array(autoApprove)
    .default([])
    .describe('Quarantines that need nobody to approve them'),
});
