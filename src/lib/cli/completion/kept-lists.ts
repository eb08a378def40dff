import { join, resolve } from 'node:path';
import { systemClock } from '../../adapters/clock/system-clock.ts';
import { requireConnection } from '../../adapters/config/connection.ts';
import { fileCache } from '../../adapters/store/file-cache.ts';
import { cacheDirectory, stateDirectory } from '../../adapters/store/xdg.ts';
import { type Inventory, type ListSource } from '../../core/model/inventory.ts';
import { type Millis, millis } from '../../core/model/units.ts';
import { demoKey, scanKey } from '../fingerprint.ts';
import { loadUserConfig } from '../load-config.ts';
import { type TypedTarget } from './typed-target.ts';

/** Names stay of use for longer than what was found of them. */
const LIFETIME = millis(7 * 24 * 3_600_000);

interface Place {
  readonly directory: string;
  readonly key: string;
  readonly ttl: Millis;
}

/** Where a target keeps its state; of the demo, everything. */
export function stateOf({ demo, demoState }: Pick<TypedTarget, 'demo' | 'demoState'>): string {
  const state = stateDirectory(process.env);
  if (!demo) return state;
  return demoState === null ? join(state, 'demo') : resolve(demoState);
}

function demoPlace(target: TypedTarget): Place {
  const directory = stateOf(target);
  const { demoSize } = target;
  // The clock of the demo is its own, and may be years from ours.
  const ttl = millis(Number.MAX_SAFE_INTEGER);
  return { directory, key: demoKey(demoSize === null ? 'demo' : `fleet-${demoSize}`), ttl };
}

async function placeOf(target: TypedTarget): Promise<Place> {
  if (target.demo) return demoPlace(target);
  const { config: file, kubeconfig, contexts, url } = target;
  const loaded = await loadUserConfig({ file, overrides: { kubeconfig, contexts, url } });
  const { clusters, drivers, cache } = loaded.config;
  return {
    directory: cache.path ?? cacheDirectory(process.env),
    key: await scanKey(clusters, requireConnection(loaded), drivers, process.env),
    ttl: LIFETIME,
  };
}

/** Some lists of the scan that was kept of a target; undefined where none was. Nothing is connected to. */
export async function loadKeptLists(
  target: TypedTarget,
  sources: ReadonlySet<ListSource>,
): Promise<Inventory | undefined> {
  const { directory, key, ttl } = await placeOf(target);
  const logger = { log: () => undefined };
  const cache = fileCache({ directory, ttl, clock: systemClock, logger });
  return (await cache.load(key, sources))?.inventory;
}
