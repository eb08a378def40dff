import { unknownRule } from './checks-of-rules.ts';
import { type Unplaced } from './problem.ts';
import { type FileForm } from './schema.ts';

/** What no value of `cleanup:` shows on its own. */
export function cleanupProblems(
  { cleanup, drivers }: FileForm,
  ruleNames: readonly string[] | undefined,
): Unplaced[] {
  return [
    ...cleanup.protect.flatMap(({ path, namespace, name }, index): Unplaced[] =>
      [path, namespace, name].every((matcher) => matcher === null)
        ? [
            {
              path: ['cleanup', 'protect', index],
              message: 'does not say what to protect',
              remedy: 'add a path, namespace or name; path: "**" protects every dataset',
            },
          ]
        : [],
    ),
    ...cleanup.auto_approve.flatMap(({ rule }, index) =>
      unknownRule(rule, ['cleanup', 'auto_approve', index, 'rule'], ruleNames),
    ),
    ...quarantineInside(
      cleanup.quarantine_parent,
      drivers.map(({ parent }) => parent),
    ),
  ];
}

/** What is moved below the parent of a driver would be taken for one of its volumes. */
function quarantineInside(
  quarantine: string | null,
  parents: readonly (string | null)[],
): Unplaced[] {
  if (quarantine === null) return [];
  const parent = parents.find((each) => each !== null && `${quarantine}/`.startsWith(`${each}/`));
  if (parent === undefined) return [];
  return [
    {
      path: ['cleanup', 'quarantine_parent'],
      message: 'is where a driver makes its volumes',
      remedy: 'name a dataset beside the parent of the driver, such as tank/quarantine',
    },
  ];
}
