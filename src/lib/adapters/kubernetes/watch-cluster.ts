import { type ChangeListener, type ChangeWatcher } from '../../ports/change-watcher.ts';
import { LIST_SPECS, type PlainSource } from './sources.ts';
import { ListWatch, type WatchSurroundings } from './watch-list.ts';

/** What volumes and snapshots are made of. Everything else changes too often, or says too little. The right to `watch` is for these. */
export const WATCHED = [
  'persistentVolumes',
  'persistentVolumeClaims',
  'volumeSnapshots',
  'volumeSnapshotContents',
] as const satisfies readonly PlainSource[];

export interface ClusterWatchOptions extends WatchSurroundings {
  /** Watched one by one where all of them together may not be. */
  readonly namespaces: readonly string[];
}

/** Watches the volumes and snapshots of a cluster. */
export function clusterWatcher(options: ClusterWatchOptions): ChangeWatcher {
  return {
    name: options.connection.cluster.name,
    watch: async (listener, signal) => {
      const waiting = new Set<PlainSource>(WATCHED);
      await Promise.all(
        WATCHED.map(async (source) => {
          const part = {
            changed: listener.changed.bind(listener),
            ready: () => {
              if (waiting.delete(source) && waiting.size === 0) listener.ready();
            },
          };
          await untilAborted(async () => {
            await watchSource(source, options, part, signal);
          }, signal);
        }),
      );
    },
  };
}

async function watchSource(
  source: (typeof WATCHED)[number],
  options: ClusterWatchOptions,
  listener: ChangeListener,
  signal: AbortSignal,
): Promise<void> {
  const { group, resource, namespaced } = LIST_SPECS[source];
  const parts = namespaced ? options.namespaces : [];
  const whole = new ListWatch({ path: `${group}/${resource}`, resource }, options);
  await whole.run(listener, signal, (refusal) => refusal === 'denied' && parts.length > 0);
  const waiting = new Set(parts);
  await Promise.all(
    parts.map(async (namespace) => {
      const path = `${group}/namespaces/${encodeURIComponent(namespace)}/${resource}`;
      const part = {
        changed: listener.changed.bind(listener),
        ready: () => {
          if (waiting.delete(namespace) && waiting.size === 0) listener.ready();
        },
      };
      await new ListWatch({ path, resource }, options).run(part, signal, () => false);
    }),
  );
}

/** A watch ends by being aborted, which is no failure of it. */
async function untilAborted(watch: () => Promise<void>, signal: AbortSignal): Promise<void> {
  try {
    await watch();
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
