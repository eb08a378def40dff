import { completionScript, KUBECTL_SCRIPT } from '../../src/lib/cli/completion/scripts.ts';
import { SCRIPT_FILES, SHELLS } from '../../src/lib/cli/completion/shells.ts';

/** The scripts of `completions/`, by path: those that `autocomplete` prints, for packages that install them. */
export function completionFiles(): ReadonlyMap<string, string> {
  return new Map([
    ...SHELLS.map(
      (shell) => [`completions/${SCRIPT_FILES[shell]}`, completionScript(shell)] as const,
    ),
    ['completions/kubectl_complete-truenas_monitor', KUBECTL_SCRIPT],
  ]);
}
