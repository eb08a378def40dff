import { describe, expect, it } from 'vitest';
import { LatencyMeter } from '../../../src/lib/adapters/http/latency.ts';

describe('LatencyMeter', () => {
  it('knows no latency where nothing was answered', () => {
    expect(new LatencyMeter().latency()).toBeNull();
  });

  it('gives times that were seen, by nearest rank', () => {
    const meter = new LatencyMeter();
    for (let time = 100; time >= 1; time -= 1) meter.note(time);

    expect(meter.latency()).toEqual({ p50: 50, p95: 95 });
    expect(meter.answers).toBe(100);
  });

  it('takes the only answer for both', () => {
    const meter = new LatencyMeter();
    meter.note(7);

    expect(meter.latency()).toEqual({ p50: 7, p95: 7 });
  });

  it('counts every answer, and forgets the times of old ones', () => {
    const meter = new LatencyMeter();
    for (let call = 0; call < 5000; call += 1) meter.note(900);
    for (let call = 0; call < 1000; call += 1) meter.note(3);

    expect(meter.answers).toBe(6000);
    expect(meter.latency()).toEqual({ p50: 3, p95: 3 });
  });

  it('counts an error the server answered with, and not one that is no answer', async () => {
    const meter = new LatencyMeter();
    const refused = () => Promise.reject(new RangeError('denied'));
    const lost = () => Promise.reject(new Error('lost'));
    const isAnswer = (error: unknown) => error instanceof RangeError;

    await expect(meter.time(refused, isAnswer)).rejects.toThrow('denied');
    await expect(meter.time(lost, isAnswer)).rejects.toThrow('lost');
    await expect(meter.time(() => Promise.resolve('fine'), isAnswer)).resolves.toBe('fine');
    expect(meter.answers).toBe(2);
  });
});
