import { type Report } from '../model/report.ts';
import { type ResourceRef } from '../model/resource-ref.ts';
import { homeName, objectName } from './text/labels.ts';

/**
 * The objects alone, each once, one per line. Where several clusters or systems were scanned the name of the right
 * one stands in front: the others may well have an object of the same name.
 */
export function renderName(report: Report): string {
  const isAmbiguous = (ref: ResourceRef): boolean =>
    (ref.location === 'kubernetes' ? report.clusters : report.systems).length > 1;
  const names = new Set(
    report.findings.map(({ subject }) => {
      const name = objectName(subject);
      return isAmbiguous(subject) ? `@${homeName(subject)}:${name}` : name;
    }),
  );
  return Array.from(names, (name) => `${name}\n`).join('');
}
