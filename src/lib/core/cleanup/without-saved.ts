import { type Change } from './change.ts';
import { type RunView } from './run-view.ts';

/**
 * A change of a run as everybody may read it. What a rollback makes again was saved from the objects, and stays in the journal; a plan's
 * own changes are in the plan, for everybody who approves of it.
 */
export function toldChange(change: Change, { kind }: Pick<RunView, 'kind'>): Change {
  return kind === 'rollback' ? withoutSaved(change) : change;
}

function withoutSaved(change: Change): Change {
  if (change.type === 'create-resource') return { ...change, manifest: {} };
  if (change.type === 'create-object') return { ...change, fields: {} };
  return change.type === 'set-groups' ? { ...change, groups: [] } : change;
}
