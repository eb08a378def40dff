// Makes dist/truenas-monitor, one file that needs nothing beside it, and what a release holds.
// Usage: npm run build:binary [-- --platform linux-arm64 --node PATH] [--quick]
// --quick packs the archive fast and large, for checks.
import { mkdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { bundle } from './binary/bundle.ts';
import { targetOf } from './binary/platform.ts';
import { writeRelease } from './binary/release.ts';
import { LAUNCH_FLAGS, seal } from './binary/seal.ts';
import { warm } from './binary/warm.ts';

const { values: options } = parseArgs({
  options: {
    platform: { type: 'string' },
    node: { type: 'string' },
    quick: { type: 'boolean', default: false },
  },
});

const root = path.join(import.meta.dirname, '..');
const target = targetOf(root, options.platform, options.node);
const work = path.join(root, 'dist/binary', target.platform);
const chunks = path.join(work, 'chunks');
const output = target.native
  ? path.join(root, 'dist/truenas-monitor')
  : path.join(work, 'truenas-monitor');

const step = async <T>(name: string, run: () => Promise<T>): Promise<T> => {
  const started = performance.now();
  const result = await run();
  console.log(
    `${name.padEnd(12)} ${((performance.now() - started) / 1000).toFixed(1).padStart(5)} s`,
  );
  return result;
};

await rm(work, { recursive: true, force: true });
await mkdir(work, { recursive: true });
const bundled = await step('bundle', async () => await bundle(root, chunks));
if (target.native) {
  await step('warm', async () => {
    await warm({ folder: chunks, node: target.node, flags: LAUNCH_FLAGS });
  });
}
await step('seal', async () => {
  await seal({ root, chunks, work, target, output });
});
await step('release', async () => {
  const { packages, version } = bundled;
  await writeRelease({ root, work, output, target, version, packages, quick: options.quick });
});
const megabytes = ((await stat(output)).size / 1e6).toFixed(0);
console.log(`${path.relative(root, output)}: ${megabytes} MB, ${target.platform}`);
