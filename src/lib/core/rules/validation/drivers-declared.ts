import { type KnownParent } from '../../correlate/known-parent.ts';
import { refOnSystem } from '../../model/surroundings.ts';
import { defineCheck, type Inspection } from '../define-check.ts';

function line({ drivers, path, system }: KnownParent, systems: number): string {
  const where = systems > 1 ? `system: ${system}, ` : '';
  return `{driver: ${drivers[0] ?? 'NAME'}, ${where}parent: ${path}, exclusive: true}`;
}

function judge(parent: KnownParent, systems: number): Omit<Inspection, 'subject'> {
  const { path, origin, exclusive, instanceIds } = parent;
  if (origin !== 'inferred' && exclusive) {
    return { sound: true, seen: `${path} is declared exclusive` };
  }
  if (origin !== 'inferred' && instanceIds.length > 0) {
    return { sound: true, seen: `what its driver makes in ${path} carries an instance_id` };
  }
  return {
    sound: false,
    seen:
      origin === 'inferred'
        ? `that volumes are made in ${path} was inferred from volumes: nothing found there is ever certain`
        : `nothing says that only the registered clusters use ${path}: nothing found there is ever certain`,
    steps: [
      'Make sure that no cluster other than those in the configuration makes volumes there.',
      `Add this line to \`drivers:\` of the configuration if that is so: \`- ${line(parent, systems)}\`.`,
    ],
  };
}

export const driversDeclared = defineCheck({
  id: 'drivers-declared',
  category: 'validation',
  severity: 'low',
  component: 'configuration',
  title: 'It is declared whose each parent dataset is',
  scope: 'system',
  subjects: ['Dataset'],
  requires: ['parents', 'systems'],
  consults: [],
  steps: ['Declare the driver in `drivers:` of the configuration.'],

  *inspect({ parents, systems }) {
    for (const parent of parents.all) {
      yield {
        subject: refOnSystem('Dataset', parent.system, parent.path),
        ...judge(parent, systems.length),
      };
    }
  },
});
