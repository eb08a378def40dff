import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { type TrueNasVersion } from '../../../src/lib/lab/scenario/world.ts';
import { VERSIONS } from '../../../src/lib/lab/truenas/versions.ts';
import { aSystem, closeLabs, login, loginLegacy, startLab } from './client.ts';

interface FieldType {
  readonly type?: string;
  readonly ref?: string;
  readonly nullable?: boolean;
  readonly required?: boolean;
  readonly enum?: readonly unknown[];
  readonly oneOf?: readonly FieldType[];
  readonly items?: FieldType;
  readonly values?: FieldType;
  readonly format?: string;
}
interface Model {
  readonly fields: Readonly<Record<string, FieldType>>;
  readonly extra_fields?: string;
}
interface Schema {
  readonly methods: Readonly<Record<string, { readonly models: readonly string[] }>>;
  readonly models: Readonly<Record<string, Model>>;
}
const fixture = JSON.parse(
  readFileSync(new URL('../../fixtures/truenas-schemas.json', import.meta.url), 'utf8'),
) as {
  _about: { legacy_field_lists: Record<string, readonly string[]> };
  versions: Record<string, Schema>;
};

const BY_TYPE: Record<string, (value: unknown) => boolean> = {
  any: () => true,
  integer: (value) => Number.isInteger(value),
  number: (value) => typeof value === 'number',
  string: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  array: (value) => Array.isArray(value),
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  null: (value) => value === null,
};

function isDate(value: unknown): boolean {
  return typeof value === 'object' && value !== null && '$date' in value;
}

function checkValue(schema: Schema, field: FieldType, value: unknown, where: string): string[] {
  if (value === null)
    return field.nullable === true || field.type === 'any' || field.type === 'null'
      ? []
      : [`${where}: null`];
  if (field.format === 'date-time') return isDate(value) ? [] : [`${where}: not a date`];
  if (field.oneOf !== undefined) {
    const problems = field.oneOf.map((option) => checkValue(schema, option, value, where));
    return problems.some((list) => list.length === 0) ? [] : (problems[0] ?? []);
  }
  if (field.enum !== undefined)
    return field.enum.includes(value) ? [] : [`${where}: ${JSON.stringify(value)}`];
  if (field.ref !== undefined) return checkModel(schema, field.ref, value, where);
  if (BY_TYPE[field.type ?? 'any']?.(value) !== true)
    return [`${where}: ${JSON.stringify(value)} is no ${String(field.type)}`];
  const { items, values } = field;
  if (Array.isArray(value) && items !== undefined) {
    return value.flatMap((item, index) => checkValue(schema, items, item, `${where}[${index}]`));
  }
  if (values !== undefined) {
    return Object.entries(value as object).flatMap(([key, item]) =>
      checkValue(schema, values, item, `${where}.${key}`),
    );
  }
  return [];
}

function checkModel(schema: Schema, name: string, value: unknown, where: string): string[] {
  const model = schema.models[name];
  if (model === undefined) return [`${where}: no model ${name}`];
  if (BY_TYPE['object']?.(value) !== true) return [`${where}: no object`];
  const fields = value as Record<string, unknown>;
  const missing = Object.entries(model.fields)
    .filter(([key, field]) => field.required !== false && !(key in fields))
    .map(([key]) => `${where}.${key}: missing`);
  const wrong = Object.entries(fields).flatMap(([key, item]) => {
    const field = model.fields[key];
    if (field === undefined)
      return model.extra_fields === 'allowed' ? [] : [`${where}.${key}: undeclared`];
    return checkValue(schema, field, item, `${where}.${key}`);
  });
  return [...missing, ...wrong];
}

/** The model an entry of a method's answer follows. */
function check(schema: Schema, method: string, answer: unknown): string[] {
  const models = schema.methods[method]?.models ?? [];
  const result = models.find((name) => name.endsWith('Result'));
  if (result !== undefined) return checkModel(schema, result, { result: answer }, method);
  const entry = models.at(-1);
  if (entry === undefined || models.every((name) => name.endsWith('Args'))) return [];
  const entries = Array.isArray(answer) ? answer : [answer];
  return entries.flatMap((item) => checkModel(schema, entry, item, method));
}

const SCHEMA_OF: Record<TrueNasVersion, string | null> = {
  '24.10': null,
  '25.04': '25.04.2',
  '25.10': '25.10.0',
  '26': '26.0.0',
};
const READS = /(?:\.query|\.config|\.sessions|\.list|\.info|\.me|\.details)$/u;
const PARAMS: Record<string, unknown[]> = {
  'nvmet.subsys.query': [[], { extra: { verbose: true } }],
  'zfs.resource.query': [{ get_children: true, get_user_properties: true }],
  'zfs.resource.snapshot.query': [{ recursive: true, get_holds: true, get_user_properties: true }],
};

afterEach(closeLabs);

describe.each(['25.04', '25.10', '26'] as const)('on %s', (version) => {
  it('answers every list and configuration with exactly the declared fields and types', async () => {
    const schema = fixture.versions[SCHEMA_OF[version] ?? ''];
    if (schema === undefined) throw new Error('no schema');
    const rpc = await login(await startLab(version));
    const checked: string[] = [];
    for (const method of VERSIONS[version].methods) {
      if (!READS.test(method)) continue;
      const answer = await rpc.value(method, PARAMS[method] ?? []);
      expect(check(schema, method, answer)).toEqual([]);
      if (schema.methods[method] !== undefined) checked.push(method);
    }
    expect(checked).toEqual(
      expect.arrayContaining(['sharing.nfs.query', 'iscsi.extent.query', 'alert.list']),
    );
  });

  it('answers so too where the world tells more than it has to', async () => {
    const schema = fixture.versions[SCHEMA_OF[version] ?? ''];
    if (schema === undefined) throw new Error('no schema');
    const system = aSystem(version);
    system.iscsiInitiators = [{ id: 4, initiators: ['iqn.x'], comment: 'nodes' }];
    system.nvmetSubsystems = [{ id: 1, name: 's', subnqn: null, ports: [2], hosts: [3] }];
    system.nvmetPorts = [{ id: 2, address: 'fd00::1', service: 4421 }];
    system.nvmetHosts = [{ id: 3, hostnqn: 'nqn.host' }];
    system.nvmetSessions = [
      { hostnqn: 'nqn.host', hostAddress: '10.0.0.1', subsystem: 1, port: 2 },
    ];
    system.runningJobs = [{ id: 9, method: 'pool.dataset.lock', arguments: ['tank'] }];
    for (const task of system.replicationTasks)
      Object.assign(task, { direction: 'PULL', transport: 'SSH' });
    const rpc = await login(await startLab(version, {}, system));
    const methods = ['iscsi.initiator.query', 'core.get_jobs', 'replication.query'].concat(
      [...VERSIONS[version].methods].filter((name) => /^nvmet\..*(?:query|sessions)$/u.test(name)),
    );
    for (const method of methods) {
      const answer = await rpc.value<unknown[]>(method, PARAMS[method] ?? []);
      expect(check(schema, method, answer)).toEqual([]);
      expect(answer).not.toEqual([]);
    }
  });

  it('declares what changing and single calls answer', async () => {
    const schema = fixture.versions[SCHEMA_OF[version] ?? ''];
    if (schema === undefined) throw new Error('no schema');
    const rpc = await login(await startLab(version));
    for (const [method, params] of [
      ['pool.dataset.attachments', ['tank/k8s/b']],
      [
        'auth.login_ex',
        [{ mechanism: 'API_KEY_PLAIN', username: 'admin', api_key: '1-adminsecret' }],
      ],
      ['core.set_options', [{ py_exceptions: false }]],
    ] as const) {
      expect(check(schema, method, await rpc.value(method, [...params]))).toEqual([]);
    }
  });
});

describe.each(['24.10', '25.04'] as const)('on %s, where no model was published', (version) => {
  const names = (list: readonly string[]): string[] =>
    list.filter((name) => !name.startsWith('+')).map((name) => name.replace(/[?([{].*$/u, ''));

  it.each([
    [
      'pool.query',
      ['pool.query (24.10)', ...(version === '25.04' ? ['pool.query (25.04) adds'] : [])],
    ],
    ['sharing.smb.query', ['sharing.smb.query (24.10, 25.04)']],
    ['service.query', ['service.query (24.10, 25.04)']],
    ...(version === '24.10'
      ? ([['iscsi.portal.query', ['iscsi.portal.query (24.10)']]] as const)
      : []),
  ] as const)('%s has the listed fields', async (method, lists) => {
    const lab = await startLab(version);
    const rpc = version === '24.10' ? await loginLegacy(lab) : await login(lab);
    const [entry] = await rpc.value<Record<string, unknown>[]>(method);
    const all = lists.flatMap((list) => fixture._about.legacy_field_lists[list] ?? []);
    const optional = all.filter((name) => name.includes('(opt)')).map((name) => names([name])[0]);
    const wanted = names(all).filter((name) => !optional.includes(name));
    expect(Object.keys(entry ?? {}).sort()).toEqual(wanted.sort());
  });

  it('pool.dataset.query has the listed fields and the default property set', async () => {
    const lab = await startLab(version);
    const rpc = version === '24.10' ? await loginLegacy(lab) : await login(lab);
    const [entry] = await rpc.value<Record<string, unknown>[]>('pool.dataset.query', [
      [['id', '=', 'tank/k8s/a']],
    ]);
    const list = fixture._about.legacy_field_lists['pool.dataset.query (24.10, 25.04)'] ?? [];
    const declared = Object.keys(
      fixture.versions['25.10.0']?.models['PoolDatasetEntry']?.fields ?? {},
    );
    expect(Object.keys(entry ?? {})).toEqual(expect.arrayContaining(names(list)));
    expect(declared).toEqual(expect.arrayContaining(Object.keys(entry ?? {})));
  });

  it('system.info has the listed fields', async () => {
    const lab = await startLab(version);
    const rpc = version === '24.10' ? await loginLegacy(lab) : await login(lab);
    const info = await rpc.value<object>('system.info');
    const list = fixture._about.legacy_field_lists['system.info (24.10, 25.04)'] ?? [];
    expect(Object.keys(info).sort()).toEqual(names(list).sort());
  });
});
