import { findNearest } from '../../core/model/did-you-mean.ts';
import { type ConfigPath, type Origin } from './config.ts';
import {
  type ConfiguredCluster,
  configuredClusters,
  namesNoSystem,
  type PlacingContext,
  systemForms,
  systemName,
} from './decode.ts';
import { unknownRule } from './checks-of-rules.ts';
import { addressFault, INSECURE, REMEDIES } from './fields.ts';
import { CREDENTIAL_KEYS, valueAt } from './layers.ts';
import { cleanupProblems } from './checks-of-cleanup.ts';
import { serveProblems } from './checks-of-serve.ts';
import { type Problem, type Unplaced } from './problem.ts';
import { type DriverForm, type FileForm, type IgnoreForm } from './schema.ts';

type PlaceOf = (path: ConfigPath) => Origin;

/** What no value shows on its own: keys that exclude each other, names used twice, names of nothing. */
export function crossChecks(
  form: FileForm,
  context: PlacingContext,
  ruleNames: readonly string[] | undefined,
  placeOf: PlaceOf,
): Problem[] {
  const registered = configuredClusters(form, context);
  const clusters = registered.map(({ cluster, path }) => ({ name: cluster.name, path }));
  const systems = systemForms(form).map((each) => ({
    name: systemName(each.form),
    path: each.path,
  }));
  const problems = [
    ...systemForms(form).flatMap(({ form: system, path }) => credentialProblems(system, path)),
    ...registered.flatMap(inClusterProblems),
    ...duplicates(clusters),
    ...duplicates(systems),
    ...form.drivers.flatMap((driver, index) => [
      ...parentProblems(driver, ['drivers', index]),
      ...unknownName(driver.cluster, clusters, ['drivers', index, 'cluster'], 'cluster'),
      // Which there are is not known before the Secrets of the drivers are read.
      ...(namesNoSystem(form)
        ? []
        : unknownName(driver.system, systems, ['drivers', index, 'system'], 'system')),
    ]),
    ...thresholdProblems(form.thresholds),
    ...form.ignore.flatMap((entry, index) => ignoreProblems(entry, ['ignore', index], ruleNames)),
    ...cleanupProblems(form, ruleNames),
    ...serveProblems(form),
  ];
  return problems.map((problem) => ({ ...problem, origin: placeOf(problem.path) }));
}

/** Addresses a key must not be sent to, whatever else is wrong with the values. */
export function insecureAddresses(
  values: Readonly<Record<string, unknown>>,
  placeOf: PlaceOf,
  refuse: boolean | undefined,
): Problem[] {
  if (refuse !== true) return [];
  const systems = valueAt(values, ['systems']);
  const paths: ConfigPath[] = [
    ['truenas', 'url'],
    ...(Array.isArray(systems) ? systems.map((_, index) => ['systems', index, 'url']) : []),
  ];
  return paths
    .filter((path) => addressFault(String(valueAt(values, path))) === INSECURE)
    .map((path) => ({
      path,
      origin: placeOf(path),
      message: INSECURE,
      remedy: REMEDIES[INSECURE] ?? '',
    }));
}

function credentialProblems(system: object, path: ConfigPath): Unplaced[] {
  const values = system as Readonly<Record<string, unknown>>;
  const [kept, ...others] = CREDENTIAL_KEYS.filter((key) => (values[key] ?? null) !== null);
  return others.map((key) => ({
    path: [...path, key],
    message: `cannot be set together with ${kept ?? ''}`,
    remedy: `keep one of the two; an API key is the better one`,
  }));
}

function inClusterProblems({ cluster, path }: ConfiguredCluster): Unplaced[] {
  if (!cluster.inCluster) return [];
  const keys = (['kubeconfig', 'context'] as const).filter((key) => cluster[key] !== null);
  return keys.map((key) => ({
    path: [...path, key],
    message: 'cannot be set together with in_cluster',
    remedy: 'remove it, or set in_cluster to false',
  }));
}

function parentProblems({ parent, secret }: DriverForm, path: ConfigPath): Unplaced[] {
  if (parent !== null || secret !== null) return [];
  return [
    {
      path: [...path, 'parent'],
      message: 'is missing',
      remedy:
        'add it, or the Secret that holds the configuration of the driver: secret: namespace/name',
    },
  ];
}

/** A warning that comes with the failure, or after it, warns of nothing. */
function thresholdProblems(thresholds: FileForm['thresholds']): Unplaced[] {
  return (['pool', 'volume'] as const).flatMap((what): Unplaced[] => {
    const [warning, critical] = [`${what}_warning`, `${what}_critical`] as const;
    if (Number(thresholds[warning]) < Number(thresholds[critical])) return [];
    return [
      {
        path: ['thresholds', warning],
        message: `is not below ${critical}, which is ${thresholds[critical]}`,
        remedy: `write a number below ${thresholds[critical]}, or raise ${critical}`,
      },
    ];
  });
}

/** An entry that says nothing would silence everything, and one that names no rule does nothing. */
function ignoreProblems(
  { rule, name, namespace, selector }: IgnoreForm,
  path: ConfigPath,
  ruleNames: readonly string[] | undefined,
): Unplaced[] {
  if ([rule, name, namespace, selector].every((matcher) => matcher === null)) {
    return [
      {
        path,
        message: 'does not say what to ignore',
        remedy: 'add a rule, name, namespace or selector; rule: "*" stands for every finding',
      },
    ];
  }
  return rule === null ? [] : unknownRule(rule, [...path, 'rule'], ruleNames);
}

interface Named {
  readonly name: string;
  readonly path: ConfigPath;
}

function duplicates(members: readonly Named[]): Unplaced[] {
  return members
    .filter(({ name }, index) => members.findIndex((each) => each.name === name) < index)
    .map(({ name, path }) => ({
      path,
      message: `has the same name as another one, ${JSON.stringify(name)}`,
      remedy: 'give each a name of its own: name: …',
    }));
}

function unknownName(
  name: string | null,
  members: readonly Named[],
  path: ConfigPath,
  kind: string,
): Unplaced[] {
  const names = [...new Set(members.map((member) => member.name))];
  if (name === null || names.includes(name)) return [];
  const meant = findNearest(name, names);
  const known = names.map((each) => JSON.stringify(each)).join(', ');
  return [
    {
      path,
      message: `names no ${kind} of this configuration`,
      remedy:
        meant === undefined ? `use one of ${known}` : `did you mean ${JSON.stringify(meant)}?`,
    },
  ];
}
