import { type AnalysisSubject, type Anomaly } from '../model/analysis.ts';
import { SEVERITIES } from '../model/finding.ts';
import { type DayAnomaly } from './anomalies.ts';
import { Foremost } from './foremost.ts';

/** More than anybody reads; what was long ago matters least. */
export const MOST_ANOMALIES = 200;

function newestFirst(one: Anomaly, other: Anomaly): number {
  return (
    other.day.getTime() - one.day.getTime() ||
    SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(other.severity) ||
    other.deviations - one.deviations ||
    (nameOf(one) < nameOf(other) ? -1 : 1)
  );
}

function nameOf({ subject: { system, type, namespace, name } }: Anomaly): string {
  return [system, type, namespace, name].join(' ');
}

/** Days that stand out, of pools and volumes, newest first. */
export class AnomalyList {
  readonly #foremost = new Foremost<Anomaly>(MOST_ANOMALIES, newestFirst);
  #count = 0;

  add(subject: AnalysisSubject, anomalies: readonly DayAnomaly[]): void {
    this.#count += anomalies.length;
    for (const anomaly of anomalies) this.#foremost.add({ subject, ...anomaly });
  }

  items(): readonly Anomaly[] {
    return this.#foremost.items();
  }

  get omitted(): number {
    return Math.max(0, this.#count - MOST_ANOMALIES);
  }
}
