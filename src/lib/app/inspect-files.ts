import { correlate } from '../core/correlate/correlate.ts';
import { millis } from '../core/model/units.ts';
import { buildValidation, type Validated } from '../core/report/build-validation.ts';
import { checkOutcomes } from '../core/report/check-outcomes.ts';
import { type FilesContent, filesInventory } from '../core/report/files-inventory.ts';
import { type Clock } from '../ports/clock.ts';
import { type InspectRequest } from './inspect.ts';

/** Judges files alone: nothing is connected to. */
export function inspectFiles(
  content: FilesContent,
  clock: Clock,
  { rules, policy, minSeverity }: Pick<InspectRequest, 'rules' | 'policy' | 'minSeverity'>,
): Validated {
  const { settings } = content;
  const started = performance.now();
  const evidence = correlate(filesInventory(content, clock.now()), policy);
  const outcomes = checkOutcomes(rules, evidence, policy);
  const duration = millis(performance.now() - started);
  return buildValidation({
    // That a list is empty says nothing here: there is no cluster.
    evidence: { ...evidence, statuses: [] },
    rules,
    outcomes,
    minSeverity,
    ignore: [],
    wholeEstate: false,
    duration,
    cachedFor: null,
    files: [
      ...(settings.file === null ? [] : [settings.file.path]),
      ...settings.driverFiles.map(({ path }) => path),
    ],
  });
}
