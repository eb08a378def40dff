import { runView, type RunView } from '../../core/cleanup/run-view.ts';
import { type CleanupStore, type Journal } from '../../ports/cleanup-store.ts';

/**
 * A store that says when the journal of a run was made, or opened again: all that is asked of a run before its first change is answered
 * by then, and whoever does not wait for its end need not wait any longer.
 */
export function whenBegun(store: CleanupStore, begun: (run: RunView) => void): CleanupStore {
  const tell = (kind: 'plan' | 'run', journal: Journal): Journal => {
    const run = kind === 'run' ? runView(journal.entries) : undefined;
    if (run !== undefined) begun(run);
    return journal;
  };
  return {
    plans: async () => await store.plans(),
    runs: async () => await store.runs(),
    create: async (kind, id, first) => tell(kind, await store.create(kind, id, first)),
    open: async (kind, id) => tell(kind, await store.open(kind, id)),
  };
}
