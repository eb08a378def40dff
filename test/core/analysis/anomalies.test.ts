import { describe, expect, test } from 'vitest';
import { anomaliesIn } from '../../../src/lib/core/analysis/anomalies.ts';
import { daily, dailyOf, dayAt, GIB, noise, randomFrom } from '../../support/daily-series.ts';

const MIB = 2 ** 20;

const calm = (days: number, level = 500) =>
  noise('gaussian', days, randomFrom(1)).map((value, day) => GIB * (level + day + value));

describe('anomalies', () => {
  test('are days that grew far beyond habit, with what is usual', () => {
    const values = calm(90).map((value, day) => value + (day === 60 ? 200 * GIB : 0));
    const [back, there, ...others] = anomaliesIn(daily(values));
    expect(others).toEqual([]);
    expect(there?.day).toEqual(dayAt(60));
    expect(back?.day).toEqual(dayAt(61));
    expect((there?.bytes ?? 0) / GIB).toBeCloseTo(201, -1);
    expect((back?.bytes ?? 0) / GIB).toBeCloseTo(-199, -1);
    expect(Math.abs((there?.usual ?? 0) / GIB - 1)).toBeLessThan(0.5);
    expect(there?.deviations).toBeGreaterThan(6);
  });

  test('are steps and falls too', () => {
    const values = calm(90).map((value, day) => value - (day >= 60 ? 300 * GIB : 0));
    expect(anomaliesIn(daily(values))).toMatchObject([{ day: dayAt(60), severity: 'high' }]);
  });

  test('are as severe as they are large against the level', () => {
    const severityOf = (level: number) =>
      anomaliesIn(daily(calm(90, level).map((value, day) => value + (day >= 60 ? 60 * GIB : 0))))[0]
        ?.severity;
    expect([100, 500, 5000].map(severityOf)).toEqual(['high', 'medium', 'low']);
  });

  test('are no days on which less happened than usual', () => {
    const last = (change: number, usual = 4) =>
      anomaliesIn(
        dailyOf(60, (day) => GIB * (500 + usual * Math.min(day, 58) + (day === 59 ? change : 0))),
      );
    for (const change of [0, 1, 3]) expect(last(change)).toEqual([]);
    for (const change of [-1, -3]) expect(last(change, -4)).toEqual([]);
    expect(last(-30)).toMatchObject([{ bytes: -30 * GIB, usual: 4 * GIB }]);
    expect(last(30)).toHaveLength(1);
    expect(last(-30, -4)).toHaveLength(1);
    expect(last(30, -4)).toHaveLength(1);
  });

  test('lie a four hundredth of the level beyond habit', () => {
    const jumped = (by: number) =>
      anomaliesIn(dailyOf(60, (day) => GIB * (4000 + (day >= 40 ? by : 0))));
    expect(jumped(9.9)).toEqual([]);
    expect(jumped(-9.9)).toEqual([]);
    expect(jumped(10.1)).toHaveLength(1);
    expect(jumped(-10.1)).toHaveLength(1);
  });

  test('are none in what never changes or is a line', () => {
    for (const slope of [0, 5]) {
      for (const level of [0, 100]) {
        expect(anomaliesIn(dailyOf(90, (day) => GIB * (level + slope * day)))).toEqual([]);
      }
    }
  });

  test('are not the changes of what mostly stays as it is', () => {
    expect(anomaliesIn(dailyOf(90, (day) => GIB * (100 + 2 * Math.floor(day / 9))))).toEqual([]);
    expect(anomaliesIn(dailyOf(90, (day) => GIB + MIB * 60 * Math.floor(day / 40)))).toEqual([]);
    expect(anomaliesIn(dailyOf(90, (day) => GIB + MIB * 65 * Math.floor(day / 80)))).toHaveLength(
      1,
    );
  });

  test('are not what comes every week', () => {
    const values = calm(60).map((value, day) => value + (day % 7 === 5 ? 90 * GIB : 0));
    expect(anomaliesIn(daily(values))).toEqual([]);
  });

  test('are not read into a change over days without a value', () => {
    const values = calm(90).map((value, day) =>
      day > 40 && day < 61 ? null : value + (day > 50 ? 300 * GIB : 0),
    );
    expect(anomaliesIn(daily(values))).toEqual([]);
  });

  test('take three weeks of habit', () => {
    const jump = (days: number) =>
      dailyOf(days, (day) => GIB * (100 + (day >= days - 2 ? 500 : 0)));
    expect(anomaliesIn(jump(20))).toEqual([]);
    expect(anomaliesIn(jump(21))).toHaveLength(1);
    expect(anomaliesIn([])).toEqual([]);
  });

  test('are few, and the newest first', () => {
    const values = calm(400).map((value, day) => value + (day % 27 === 3 ? 200 * GIB : 0));
    const days = anomaliesIn(daily(values)).map(({ day }) => day.getTime());
    expect(days.length).toBeLessThanOrEqual(10);
    expect(days).toEqual(days.toSorted((a, b) => b - a));
  });

  test('are not seen in noise more often than in one series of fifty', () => {
    for (const kind of ['gaussian', 'autocorrelated', 'wandering', 'weekly'] as const) {
      for (const days of [30, 90]) {
        let seen = 0;
        for (let seed = 0; seed < 500; seed += 1) {
          const values = noise(kind, days, randomFrom(seed)).map(
            (value) => GIB * (900 + 2 * value),
          );
          if (anomaliesIn(daily(values)).length > 0) seen += 1;
        }
        expect(seen, `${kind}, ${days} days`).toBeLessThanOrEqual(10);
      }
    }
  });
});
