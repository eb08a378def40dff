import { type DriverConfig } from '../../core/model/driver-config.ts';
import { type Settings } from '../../core/model/settings.ts';
import { crossChecks, insecureAddresses } from './checks.ts';
import { formatPath } from './config.ts';
import { decodeDriver } from './decode.ts';
import { findConfigFile } from './find.ts';
import { layer, NO_OVERRIDES } from './layers.ts';
import { faultOf, type Problem } from './problem.ts';
import { settingsOf } from './settings.ts';
import { validate } from './validate.ts';
import { parseYaml } from './yaml-source.ts';

/** What a configuration file says by itself. */
export interface FileCheck {
  readonly settings: Settings;
  /** Drivers it declares; none where something is wrong with it. */
  readonly drivers: readonly DriverConfig[];
}

/**
 * Checks a configuration file without using it: what its variables and files hold is not looked at, since that is elsewhere than
 * where the file is checked. Throws a `ConfigError` only where a file that was named cannot be read.
 *
 * @param file value of `--config`; null to look in the usual places
 * @param ruleNames names `ignore:` may use
 */
export async function checkConfigFile(
  file: string | null,
  environment: NodeJS.ProcessEnv,
  ruleNames: readonly string[],
): Promise<FileCheck> {
  const found = await findConfigFile(file, environment);
  const source = parseYaml(found?.text ?? '', {});
  const settings = settingsOf(found, source, [], environment);
  if (source.broken !== null)
    return { settings: withFaults(settings, [source.broken]), drivers: [] };
  const layered = layer(source, {}, NO_OVERRIDES);
  const validation = validate(layered.values, layered.placeOf);
  const misfits = validation.ok ? [] : validation.problems;
  const form = validation.ok ? validation.form : undefined;
  const placing = {
    file: found?.path ?? null,
    originOf: layered.originOf,
    overrides: NO_OVERRIDES,
    hasKubernetes: Object.hasOwn(source.values, 'kubernetes'),
    contextOf: () => null,
  };
  const problems = [
    ...layered.problems,
    ...insecureAddresses(layered.values, layered.placeOf, true),
    ...misfits,
    ...(form === undefined ? [] : crossChecks(form, placing, ruleNames, layered.placeOf)),
  ];
  const unset = new Set(
    problems.filter(({ isUnset }) => isUnset === true).map(({ path }) => formatPath(path)),
  );
  const isKnown = ({ path }: Problem): boolean => !unset.has(formatPath(path));
  const hasUnknown = misfits.some(isKnown);
  return {
    settings: { ...withFaults(settings, problems.filter(isKnown)), hasUnknown },
    drivers: form === undefined ? [] : form.drivers.map(decodeDriver),
  };
}

function withFaults(settings: Settings, problems: readonly Problem[]): Settings {
  return { ...settings, faults: problems.map(faultOf) };
}
