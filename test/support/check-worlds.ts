import { inspect } from '../../src/lib/app/inspect.ts';
import { DEFAULT_POLICY } from '../../src/lib/core/model/policy.ts';
import { NO_SETTINGS } from '../../src/lib/core/model/settings.ts';
import { type ValidationSummary } from '../../src/lib/core/model/validation.ts';
import { millis } from '../../src/lib/core/model/units.ts';
import { CHECKS } from '../../src/lib/core/rules/check-registry.ts';
import { toDriverConfig } from '../../src/lib/lab/scenario/driver-config.ts';
import { type CheckRule } from '../../src/lib/core/rules/define-check.ts';
import { type RunningWorld, withPorts } from './scan-scenario.ts';

const RETENTION = millis(30 * 86_400_000);

/** What every check says of a running world, over the real protocols. */
export async function checkWorld(
  running: RunningWorld,
  rules: readonly CheckRule[] = CHECKS,
): Promise<ValidationSummary> {
  const { thresholds } = DEFAULT_POLICY;
  return await withPorts(running, {}, async (ports) => {
    const { summary } = await inspect(ports, {
      rules,
      drivers: running.world.drivers.map(toDriverConfig),
      policy: { ...DEFAULT_POLICY, thresholds: { ...thresholds, snapshotRetention: RETENTION } },
      ignore: [],
      wholeEstate: true,
      maxAge: millis(0),
      cacheKey: 'test',
      settings: NO_SETTINGS,
      minSeverity: null,
      signal: AbortSignal.timeout(60_000),
    });
    return summary;
  });
}
