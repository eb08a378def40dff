import { demo } from './demo.ts';
import { type Scenario } from './world.ts';

/** Every scenario that has a name of its own; fleets are made to measure by `fleet`. */
export const SCENARIOS: readonly Scenario[] = [demo];

export function findScenario(name: string): Scenario | undefined {
  return SCENARIOS.find((scenario) => scenario.name === name);
}
