import { type LoadedConfig, loadConfig, type LoadOptions } from '../adapters/config/load.ts';
import { currentContextOf } from '../adapters/kubernetes/kubeconfig.ts';
import { CHECKS } from '../core/rules/check-registry.ts';
import { RULES } from '../core/rules/registry.ts';

/** Every name `ignore:` may use, former ones too. */
export function ruleNames(): readonly string[] {
  return [...RULES, ...CHECKS].flatMap(({ id, aliases = [] }) => [id, ...aliases]);
}

/** Loads the user's configuration, checked against the rules there are and the kubeconfig it leads to. */
export async function loadUserConfig(
  options: Pick<LoadOptions, 'file' | 'overrides' | 'refuseInsecure'>,
): Promise<LoadedConfig> {
  return await loadConfig({
    ...options,
    environment: process.env,
    ruleNames: ruleNames(),
    currentContext: currentContextOf,
  });
}
