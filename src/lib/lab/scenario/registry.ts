import { demo } from './demo.ts';
import { DEMOCRATIC_WORLDS } from './drivers/democratic.ts';
import { PATH_WORLDS } from './drivers/path.ts';
import { ATTACHMENT_TRAPS } from './traps/attachments.ts';
import { BYSTANDER_TRAPS } from './traps/bystanders.ts';
import { CONFIG_TRAPS } from './traps/config.ts';
import { COPY_TRAPS } from './traps/copies.ts';
import { COVERAGE_TRAPS } from './traps/coverage.ts';
import { DRIFT_TRAPS } from './traps/drift.ts';
import { DRIVER_TRAPS } from './traps/drivers.ts';
import { ESTATE_TRAPS } from './traps/estate.ts';
import { KEEPER_TRAPS } from './traps/keepers.ts';
import { LEFTOVER_TRAPS } from './traps/leftovers.ts';
import { NAME_TRAPS } from './traps/names.ts';
import { OWNER_TRAPS } from './traps/owners.ts';
import { QUARANTINE_TRAPS } from './traps/quarantine.ts';
import { SNAPSHOT_TRAPS } from './traps/snapshots.ts';
import { STATIC_TRAPS } from './traps/statics.ts';
import { STORAGE_TRAPS } from './traps/storage.ts';
import { TIME_TRAPS } from './traps/time.ts';
import { USER_TRAPS } from './traps/users.ts';
import { VALUE_TRAPS } from './traps/values.ts';
import { WORKLOAD_TRAPS } from './traps/workloads.ts';
import { type Scenario } from './world.ts';

/** Every scenario that has a name of its own; fleets are made to measure by `fleet`. */
export const SCENARIOS: readonly Scenario[] = [
  demo,
  ...TIME_TRAPS,
  ...OWNER_TRAPS,
  ...USER_TRAPS,
  ...DRIVER_TRAPS,
  ...NAME_TRAPS,
  ...SNAPSHOT_TRAPS,
  ...COPY_TRAPS,
  ...STORAGE_TRAPS,
  ...COVERAGE_TRAPS,
  ...VALUE_TRAPS,
  ...WORKLOAD_TRAPS,
  ...KEEPER_TRAPS,
  ...QUARANTINE_TRAPS,
  ...DRIFT_TRAPS,
  ...ATTACHMENT_TRAPS,
  ...BYSTANDER_TRAPS,
  ...STATIC_TRAPS,
  ...LEFTOVER_TRAPS,
  ...CONFIG_TRAPS,
  ...ESTATE_TRAPS,
  ...DEMOCRATIC_WORLDS,
  ...PATH_WORLDS,
];

export function findScenario(name: string): Scenario | undefined {
  return SCENARIOS.find((scenario) => scenario.name === name);
}
