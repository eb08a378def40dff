import { type Finding } from '../../model/finding.ts';
import { type Made, type StepDraft } from './making.ts';

/** What gives a volume back to those who use it. Nothing is taken away, and no limit holds it back. */
export function repair({ place }: Finding, steps: readonly StepDraft[]): Made {
  return { intent: 'repair', dataset: place?.path ?? null, parent: null, bytes: 0, steps };
}
