#!/usr/bin/env node
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  process.stderr.write(`truenas-monitor needs Node 22.19 or newer, this is ${process.version}\n`);
  process.exit(2);
}
const { execute } = await import('@oclif/core');
// Not awaited: once the reader of stdout has gone, oclif waits for it in vain, and Node would call that a failure.
void execute({ dir: import.meta.url });
