import { type Report, type ScanFacts } from '../model/report.ts';
import { type ResourceRef } from '../model/resource-ref.ts';
import { homeName, objectName } from './text/labels.ts';

/** The objects of the findings alone. */
export function renderName(report: Report): string {
  return namesOf(
    report,
    report.findings.map(({ subject }) => subject),
  );
}

/**
 * Objects, each once, one per line. Where several clusters or systems were scanned the name of the right
 * one stands in front: the others may well have an object of the same name.
 */
export function namesOf(scan: ScanFacts, objects: readonly ResourceRef[]): string {
  const isAmbiguous = (ref: ResourceRef): boolean =>
    (ref.location === 'kubernetes' ? scan.clusters : scan.systems).length > 1;
  const names = new Set(
    objects.map((object) => {
      const name = objectName(object);
      return isAmbiguous(object) ? `@${homeName(object)}:${name}` : name;
    }),
  );
  return Array.from(names, (name) => `${name}\n`).join('');
}
