import { type LoadedConfig } from '../adapters/config/load.ts';
import { type Redactor } from '../adapters/log/redactor.ts';

/** From then on no message shows a secret of this configuration. */
export function registerSecrets(
  { config }: Pick<LoadedConfig, 'config'>,
  redactor: Redactor,
): void {
  for (const { apiKey, password } of config.systems) {
    if (apiKey !== null) redactor.register(apiKey.reveal());
    if (password !== null) redactor.register(password.reveal());
  }
}
