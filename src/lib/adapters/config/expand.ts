/** What is wrong with a reference to a variable; the value around it is never part of it. */
export interface ExpandProblem {
  /** The variable is not set here, which says nothing of where the file is used. */
  readonly isUnset?: true;
  readonly message: string;
  readonly remedy: string;
}

export type Expansion =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly problem: ExpandProblem };

const REFERENCE = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}|\$\{/g;

/**
 * Expands `${NAME}` and `${NAME:-default}`; the default stands in for an unset or empty variable, as in a shell.
 * `$${` is a literal `${`. What a variable holds is not expanded again.
 */
export function expandVariables(text: string, environment: NodeJS.ProcessEnv): Expansion {
  let problem: ExpandProblem | undefined;
  const expanded = text.replace(
    REFERENCE,
    (reference: string, name: string | undefined, fallback: string | undefined) => {
      if (reference === '$${') return '${';
      if (name === undefined) {
        problem ??= MALFORMED;
        return '';
      }
      const value = environment[name];
      if (value !== undefined && value !== '') return value;
      if (fallback !== undefined) return fallback;
      if (value === undefined) problem ??= unset(name);
      return '';
    },
  );
  return problem === undefined ? { ok: true, text: expanded } : { ok: false, problem };
}

const MALFORMED: ExpandProblem = {
  message: 'has a "${" that starts no variable',
  remedy: 'write ${NAME} or ${NAME:-default}, and $${ for the two characters themselves',
};

function unset(name: string): ExpandProblem {
  return {
    isUnset: true,
    message: `needs the environment variable ${name}, which is not set`,
    remedy: `export ${name}, or give it a default: \${${name}:-…}`,
  };
}

/** Whether a value is written without any variable. */
export function isLiteral(text: string): boolean {
  return !/(?<!\$)\$\{/.test(text);
}
