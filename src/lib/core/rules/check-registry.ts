import { COMPONENTS, type Component } from '../model/validation.ts';
import { type CheckRule } from './define-check.ts';
import { HEALTH_CHECKS } from './lists/health.ts';
import { ACCESS_CHECKS } from './lists/validation-access.ts';
import { KUBERNETES_CHECKS } from './lists/validation-kubernetes.ts';
import { TRUENAS_CHECKS } from './lists/validation-truenas.ts';
import { namedRules } from './named-rules.ts';

/** Every check of `validate` and `health`, in the order in which they are listed. Orphans and drift have a registry of their own. */
export const CHECKS: readonly CheckRule[] = [
  ...ACCESS_CHECKS,
  ...KUBERNETES_CHECKS,
  ...TRUENAS_CHECKS,
  ...HEALTH_CHECKS,
];

/** The commands that show checks. */
export type CheckCommand = 'validate' | 'health';

const CATEGORIES = { validate: 'validation', health: 'health' } as const;

/** The checks of a command. */
export function checksOf(command: CheckCommand): readonly CheckRule[] {
  return CHECKS.filter(({ category }) => category === CATEGORIES[command]);
}

/** What the checks of a command belong to, in the order in which it is shown. */
export function componentsOf(command: CheckCommand): readonly Component[] {
  const checks = checksOf(command);
  return COMPONENTS.filter((each) => checks.some(({ component }) => component === each));
}

/** The checks that `validate --offline` makes. */
export { OFFLINE_CHECKS } from './lists/offline.ts';

/** Which checks to make; null means "all of the command". */
export interface CheckSelection {
  readonly command: CheckCommand;
  /** Ids, former ids, or globs with `*` and `?`. */
  readonly globs: readonly string[] | null;
  readonly components: readonly Component[] | null;
}

/** The checks a user asked for, in the order they are listed. Throws a `UsageError` for a glob that names none. */
export function selectChecks({ command, globs, components }: CheckSelection): readonly CheckRule[] {
  return namedRules(checksOf(command), globs, `check of ${command}`).filter(
    ({ component }) => components === null || components.includes(component),
  );
}
