import { type CleanupSettings } from '../../core/cleanup/settings.ts';
import { sizeIn, span } from './decode-values.ts';
import { type CleanupForm } from './schema.ts';

/** `cleanup:` in the words of core, but for `quarantine_for`, which rules judge by. */
export function decodeCleanup(form: CleanupForm): CleanupSettings {
  return {
    protect: form.protect,
    quarantineParent: form.quarantine_parent,
    maxItems: Number(form.max_items),
    maxBytes: sizeIn(form.max_bytes),
    maxPercent: Number(form.max_percent),
    planTtl: span(form.plan_ttl),
    approvals: Number(form.approvals),
    autoApprove: form.auto_approve.map(({ rule, min_age: minAge, max_bytes: maxBytes }) => ({
      rule,
      minAge: span(minAge),
      maxBytes: sizeIn(maxBytes),
    })),
  };
}
