// Preloaded into a measured process: says on exit what the process cost, start-up included.
import { writeFileSync } from 'node:fs';

const target = process.env['BENCH_COST_FILE'];
const started = performance.timeOrigin;

process.on('exit', () => {
  if (target === undefined) return;
  const { user, system } = process.cpuUsage();
  const { maxRSS } = process.resourceUsage();
  const cost = {
    wallMs: performance.timeOrigin + performance.now() - started,
    cpuMs: (user + system) / 1000,
    peakRssMb: maxRSS / 1024,
  };
  writeFileSync(target, JSON.stringify(cost));
});
