import { type Anomaly, type DailyValue } from '../model/analysis.ts';

/** An anomaly before anybody says whose it is. */
export type DayAnomaly = Omit<Anomaly, 'subject'>;

export function anomaliesIn(_series: readonly DailyValue[]): readonly DayAnomaly[] {
  return [];
}
