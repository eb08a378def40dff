import { rm } from 'node:fs/promises';

// The manifest goes too: a stale one hides commands the sources have.
for (const made of ['dist', 'oclif.manifest.json']) {
  await rm(new URL(`../${made}`, import.meta.url), { recursive: true, force: true });
}
