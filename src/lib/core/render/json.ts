import { type Report } from '../model/report.ts';
import { escapeInJson } from './text/safe.ts';
import { toWire } from './wire/orphan-report.ts';

/** Any wire form as JSON that is safe to show on a terminal. */
export function toJson(wire: unknown): string {
  return `${escapeInJson(JSON.stringify(wire, null, 2))}\n`;
}

export function renderJson(report: Report): string {
  return toJson(toWire(report));
}
