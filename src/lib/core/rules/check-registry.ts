import { findAlike } from '../model/did-you-mean.ts';
import { UsageError } from '../model/errors.ts';
import { COMPONENTS, type Component } from '../model/validation.ts';
import { type CheckRule } from './define-check.ts';
import { HEALTH_CHECKS } from './lists/health.ts';
import { ACCESS_CHECKS } from './lists/validation-access.ts';
import { KUBERNETES_CHECKS } from './lists/validation-kubernetes.ts';
import { TRUENAS_CHECKS } from './lists/validation-truenas.ts';
import { namedRules, namesAny } from './named-rules.ts';
import { RULES as STORAGE_RULES } from './registry.ts';

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

/** The other command that shows checks. */
export function otherCommand(command: CheckCommand): CheckCommand {
  return command === 'validate' ? 'health' : 'validate';
}

/** Of the ids that are like the one that was asked for, as many are named. */
const ALIKE = 5;

/** Says where a rule is that is none of this command, or which checks of it are called alike. */
function noCheckNamed(command: CheckCommand, glob: string): UsageError {
  const checks = checksOf(command);
  const other = otherCommand(command);
  if (namesAny(checksOf(other), glob)) return elsewhere(glob, 'check', other);
  if (namesAny(STORAGE_RULES, glob)) return elsewhere(glob, 'rule', 'orphans');
  const alike = findAlike(
    glob,
    checks.map(({ id }) => id),
    ALIKE,
  );
  return new UsageError(`no check of ${command} is called ${JSON.stringify(glob)}`, {
    remediation: [
      ...(alike.length === 0 ? [] : [`Did you mean ${alike.join(', ')}?`]),
      `All ${String(checks.length)} are listed in docs/rules/README.md; in --rule, * and ? stand for any characters.`,
    ],
  });
}

function elsewhere(glob: string, what: 'check' | 'rule', command: string): UsageError {
  const isGlob = /[*?]/.test(glob);
  const message = isGlob
    ? `${JSON.stringify(glob)} names ${what}s of ${command} alone`
    : `${glob} is a ${what} of ${command}`;
  return new UsageError(message, {
    remediation: [`Run truenas-monitor ${command} --rule ${isGlob ? `'${glob}'` : glob}.`],
  });
}

/** Which checks to make; null means "all of the command". */
export interface CheckSelection {
  readonly command: CheckCommand;
  /** Ids, former ids, or globs with `*` and `?`. */
  readonly globs: readonly string[] | null;
  readonly components: readonly Component[] | null;
}

/** The checks a user asked for, in the order they are listed. Throws a `UsageError` for a glob that names none. */
export function selectChecks({ command, globs, components }: CheckSelection): readonly CheckRule[] {
  return namedRules(checksOf(command), globs, (glob) => noCheckNamed(command, glob)).filter(
    ({ component }) => components === null || components.includes(component),
  );
}
