// Preloaded into a measured process of Node: leaves what it cost at most of memory, as the executable does by itself.
import { writeFileSync } from 'node:fs';

const target = process.env['TRUENAS_MONITOR_TRACE_FILE'];

process.on('exit', () => {
  if (target === undefined) return;
  writeFileSync(target, JSON.stringify({ peakRssMb: process.resourceUsage().maxRSS / 1024 }));
});
