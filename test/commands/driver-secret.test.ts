import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import Explain from '../../src/commands/explain.ts';
import Orphans from '../../src/commands/orphans.ts';
import { demo } from '../../src/lib/lab/scenario/demo.ts';
import { TRUENAS_VERSIONS } from '../../src/lib/lab/scenario/world.ts';
import {
  aSite,
  byKey,
  DRIVER_KEY,
  DRIVER_PASSWORD,
  hasSecret,
  ISCSI,
  LAB,
  NFS,
  type Site,
  startTrueNas,
} from '../support/driver-secret-site.ts';
import { type CommandResult } from '../support/run-command.ts';

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../fixtures/tls/${name}`, import.meta.url));
const pem = (name: string): string => readFileSync(fixture(name), 'utf8');
const TLS = { cert: pem('server.pem'), key: pem('server-key.pem') };

function run(
  { sandbox, environment }: Site,
  argv: readonly string[] = ['-o', 'json'],
  more: Readonly<Record<string, string>> = {},
): Promise<CommandResult> {
  return sandbox.run(Orphans, argv, { ...environment, ...more });
}

interface Parsed {
  readonly complete: boolean;
  readonly findings: readonly { readonly id: string; readonly confidence: string }[];
  readonly systems: readonly { readonly name: string; readonly host: string }[];
}

function parsed({ stdout }: CommandResult): Parsed {
  return JSON.parse(stdout) as Parsed; // the wire form has tests of its own
}

async function filesOf({ sandbox }: Site): Promise<readonly string[]> {
  const entries = await readdir(sandbox.directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return await Promise.all(
    files.map(async ({ parentPath, name }) => await readFile(join(parentPath, name), 'utf8')),
  );
}

describe.each(TRUENAS_VERSIONS)('with nothing configured, TrueNAS %s', (version) => {
  it('is read as the driver reads it, and one line says so', async () => {
    const site = await aSite({ version });
    const found = await run(site);
    expect(found.stderr).toBe(
      `Warning: no TrueNAS is configured, so a CSI driver's is read: ${site.truenas.url} with the key in secret democratic-csi/${ISCSI}\n`,
    );
    expect(found.exitCode).toBe(0);
    expect(parsed(found).complete).toBe(true);
    expect(parsed(found).systems).toMatchObject([{ name: '127.0.0.1', host: '127.0.0.1' }]);
    const configured = await run(site, ['-o', 'json'], {
      TRUENAS_URL: site.truenas.url,
      TRUENAS_USERNAME: 'root',
      TRUENAS_API_KEY: DRIVER_KEY,
    });
    expect(configured.stderr).toBe('');
    const judged = (result: CommandResult): string[] =>
      parsed(result).findings.map(({ id, confidence }) => `${id} ${confidence}`);
    expect(judged(found)).toEqual(judged(configured));
    expect(judged(found).length).toBeGreaterThan(10);
  });

  it('is read with a user name and a password where the driver has no key', async () => {
    const site = await aSite({
      version,
      connect: (lab) => {
        return { ...byKey(lab), apiKey: '', username: 'csi', password: DRIVER_PASSWORD };
      },
    });
    const result = await run(site);
    expect(result.stderr).toContain(
      `${site.truenas.url} with the password in secret democratic-csi/${ISCSI}\n`,
    );
    expect(result.exitCode).toBe(0);
  });

  it('is shown the secret, and nobody and nothing else is', async () => {
    const site = await aSite({ version });
    const loud = await run(site, ['-o', 'json', '--log-level', 'debug']);
    expect(loud.exitCode).toBe(0);
    const json = await run(site, ['-o', 'yaml', '--log-level', 'debug', '--log-format', 'json']);
    site.truenas.system.apiKeys.length = 0;
    const refused = await run(site, ['-o', 'json', '--log-level', 'debug']);
    expect(refused.exitCode).toBe(2);
    const said = [loud, json, refused].flatMap(({ stdout, stderr }) => [stdout, stderr]);
    const files = await filesOf(site);
    expect(files.length).toBeGreaterThan(2);
    expect(hasSecret([...said, ...files])).toBe(false);
  });
});

describe('with nothing configured', () => {
  it('it may be quiet about where it reads', async () => {
    const result = await run(await aSite(), ['-q', '-o', 'name']);
    expect(result.stderr).toBe('');
    expect(result.exitCode).toBe(0);
  });

  it('explain asks the Secret too', async () => {
    const { sandbox, environment } = await aSite();
    const dataset = 'dataset/tank/k8s/nfs/vols/pvc-e1187cf1-c41d-4f87-b0aa-b5b326c85eaa';
    const result = await sandbox.run(Explain, [dataset, '-o', 'json'], environment);
    expect(result.stderr).toContain("so a CSI driver's is read: http://127.0.0.1");
    expect(result.exitCode).toBe(0);
    expect(result.stdout).toContain('dataset-unclaimed');
  });

  it('a Secret is found by its declared name where no pod may be looked at', async () => {
    const site = await aSite();
    site.cluster.forbidden = ['pods'];
    await writeFile(
      site.sandbox.path('truenas-monitor.yaml'),
      `drivers: [{driver: org.democratic-csi.iscsi, secret: democratic-csi/${ISCSI}}]`,
    );
    const result = await run(site);
    expect(result.stderr).toContain(`with the key in secret democratic-csi/${ISCSI}\n`);
    expect(parsed(result).systems).toHaveLength(1);
  });

  it('the user name beside a key is left alone, as the driver leaves it', async () => {
    const site = await aSite({ connect: (lab) => ({ ...byKey(lab), username: 'somebody' }) });
    expect((await run(site)).exitCode).toBe(0);
  });

  it('what a system is called, and how long it may take, may be configured all the same', async () => {
    const site = await aSite();
    await writeFile(site.sandbox.path('truenas-monitor.yaml'), 'truenas: {name: nas1}');
    expect(parsed(await run(site)).systems).toMatchObject([{ name: 'nas1', host: '127.0.0.1' }]);
  });

  it('a system of two addresses is read once, and two systems are both read', async () => {
    const site = await aSite();
    const { port } = new URL(site.truenas.url);
    site.connect({ ...byKey(site.truenas), host: 'localhost' }, [NFS]);
    const once = await run(site);
    expect(once.exitCode).toBe(0);
    expect(once.stderr).toContain('localhost is 127.0.0.1 by another name, and is read as that\n');
    expect(parsed(once).systems).toMatchObject([{ name: '127.0.0.1' }]);

    const world = demo.build('25.04');
    const [system] = world.systems;
    if (system === undefined) throw new Error('an empty world');
    const other = await startTrueNas(
      { ...system, hostId: 'e'.repeat(64) },
      { now: () => new Date(world.now) },
    );
    site.connect(byKey(other), [NFS]);
    const both = await run(site);
    expect(parsed(both).systems.map(({ name }) => name)).toEqual([
      `127.0.0.1:${port}`,
      new URL(other.url).host,
    ]);
  });

  it('a cluster that does not answer does not hide what the other one knows', async () => {
    const site = await aSite();
    const away = site.kubernetes.kubeconfig().replaceAll(site.kubernetes.url, 'http://127.0.0.1:1');
    await writeFile(site.sandbox.path('away'), away, { mode: 0o600 });
    await writeFile(
      site.sandbox.path('truenas-monitor.yaml'),
      'clusters: [{name: here, kubeconfig: kubeconfig}, {name: there, kubeconfig: away}]',
    );
    const result = await run(site);
    expect(result.stderr).toContain(
      `with the key in secret democratic-csi/${ISCSI} of cluster here\n`,
    );
    expect(result.stderr).not.toContain('may not be read');
    expect(result.exitCode).toBe(3);
  });

  it('a kept scan of another system is not taken for that of this one', async () => {
    const site = await aSite();
    await run(site);
    expect((await run(site, ['--max-age', '1h'])).stdout).toMatch(/cached/i);
    const world = demo.build('25.10');
    const [system] = world.systems;
    if (system === undefined) throw new Error('an empty world');
    const other = await startTrueNas(system, { now: () => new Date(world.now) });
    site.connect(byKey(other));
    const fresh = await run(site, ['--max-age', '1h']);
    expect(fresh.stdout).not.toMatch(/cached/i);
    expect(other.calls.length).toBeGreaterThan(5);
  });

  it('a Secret that does not help is named beside those that do', async () => {
    const site = await aSite();
    site.write(LAB, 'driver: freenas-api-iscsi\nzfs: {datasetParentName: tank/k8s/lab/vols}\n');
    const result = await run(site);
    expect(result.stderr).toContain(
      `Warning: cluster kubernetes: secret democratic-csi/${LAB} has no host in httpConnection that can be read, so the TrueNAS of that driver may not be read\n`,
    );
    expect(result.exitCode).toBe(0);
    site.write(LAB, 'driver: zfs-generic-nfs\nzfs: {datasetParentName: tank/k8s/lab/vols}\n');
    expect((await run(site)).stderr).not.toContain(LAB);
  });

  it('a driver that is declared to be on another system is named', async () => {
    const site = await aSite();
    await writeFile(
      site.sandbox.path('truenas-monitor.yaml'),
      'drivers: [{driver: d, parent: tank/x, system: nas9}]',
    );
    expect((await run(site)).stderr).toContain(
      'Warning: drivers: puts d on nas9, but what is read is 127.0.0.1\n',
    );
  });

  it('it ends with 130 where it is interrupted while it asks', async () => {
    const site = await aSite();
    const before = site.kubernetes.requests.length;
    const timer = setInterval(() => {
      if (site.kubernetes.requests.length > before) process.emit('SIGINT', 'SIGINT');
    }, 1);
    const result = await run(site);
    clearInterval(timer);
    expect(result.exitCode).toBe(130);
    expect(result.stdout).toBe('');
  });
});

describe('certificates', () => {
  const tls = { tls: TLS };

  it('are checked although the driver does not, and the error says what to set', async () => {
    const connect: typeof byKey = (lab) => ({ ...byKey(lab), allowInsecure: true });
    const site = await aSite({ truenas: tls, connect });
    const refused = await run(site);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain('127.0.0.1 cannot be trusted');
    expect(refused.stderr).toContain('Set ca_file to the certificate of the authority');
    expect(site.truenas.calls).toEqual([]);

    const config = `truenas: {ca_file: ${fixture('ca.pem')}}`;
    await writeFile(site.sandbox.path('truenas-monitor.yaml'), config);
    expect((await run(site)).exitCode).toBe(0);
    await writeFile(site.sandbox.path('truenas-monitor.yaml'), '');
    expect((await run(site, ['-o', 'name'], { TRUENAS_CA_FILE: fixture('ca.pem') })).exitCode).toBe(
      0,
    );
  });

  it('make a system of which the driver knows plain http one that can be read', async () => {
    // No loopback by its name, and this machine all the same.
    const connect: typeof byKey = (lab) => ({ ...byKey(lab), protocol: 'http', host: '0.0.0.0' });
    const site = await aSite({ truenas: tls, connect });
    const untrusted = await run(site);
    expect(untrusted.exitCode).toBe(2);
    expect(untrusted.stderr).toContain('0.0.0.0 cannot be trusted');
    const spki = new X509Certificate(TLS.cert).publicKey.export({ type: 'spki', format: 'der' });
    const pin = createHash('sha256').update(spki).digest('base64');
    await writeFile(
      site.sandbox.path('truenas-monitor.yaml'),
      `truenas: {tls_verify: false, pinned_spki_sha256: ["${pin}"]}`,
    );
    const read = await run(site);
    const { port } = new URL(site.truenas.url);
    expect(read.stderr).toContain(
      `so a CSI driver's is read: https://0.0.0.0:${port} with the key in secret democratic-csi/${ISCSI}\n`,
    );
    expect(read.exitCode).toBe(0);

    site.connect({ ...connect(site.truenas), protocol: 'https' }, [NFS]);
    const known = await run(site);
    expect(known.stderr).toContain(`with the key in secret democratic-csi/${NFS}\n`);
    expect(parsed(known).systems).toHaveLength(1);
  });
});

interface Refused {
  readonly what: string;
  readonly change: (site: Site) => void;
  readonly says: string;
  readonly remedy?: string;
}

const REFUSED: readonly Refused[] = [
  {
    what: 'the Secret may not be read',
    change: ({ cluster }) => {
      cluster.forbidden = ['secrets'];
    },
    says: `cluster kubernetes: may not read secret democratic-csi/${NFS}`,
    remedy: `Allow secret democratic-csi/${NFS} to be read`,
  },
  {
    what: 'there is no Secret',
    change: ({ cluster }) => {
      cluster.objects['secrets'] = [];
    },
    says: `cluster kubernetes: there is no secret democratic-csi/${NFS}`,
    remedy: 'kubectl -n democratic-csi get secrets',
  },
  {
    what: 'no pod may be looked at',
    change: ({ cluster }) => {
      cluster.forbidden = ['pods'];
    },
    says: 'cluster kubernetes: may not list pods in all namespaces (403)',
    remedy: 'Name its Secret in the configuration: drivers:',
  },
  {
    what: 'no driver runs',
    change: ({ cluster }) => {
      cluster.objects['pods'] = [];
    },
    says: 'cluster kubernetes: no pod of a democratic-csi driver was found',
  },
  {
    what: 'the Secret is no YAML',
    change: (site) => {
      site.write(NFS, `apiKey: [${DRIVER_KEY}`);
    },
    says: `cluster kubernetes: secret democratic-csi/${NFS} is not YAML`,
  },
  {
    what: 'there is no httpConnection',
    change: (site) => {
      site.write(NFS, 'driver: freenas-nfs\nsshConnection: {host: nas1.example}\n');
    },
    says: `cluster kubernetes: secret democratic-csi/${NFS} has no host in httpConnection`,
  },
  {
    what: 'nothing logs in',
    change: (site) => {
      site.connect({ protocol: 'https', host: 'nas1.example', username: 'root' });
    },
    says: `cluster kubernetes: secret democratic-csi/${NFS} has neither a key nor user and password`,
  },
  {
    what: 'the driver works over SSH',
    change: (site) => {
      site.write(NFS, 'driver: zfs-generic-nfs\nsshConnection: {host: nas1.example}\n');
    },
    says: `cluster kubernetes: secret democratic-csi/${NFS} is for a driver that works over SSH alone`,
  },
  {
    what: 'the NAS is of another make',
    change: (site) => {
      site.write(NFS, `driver: synology-iscsi\nhttpConnection: {apiKey: ${DRIVER_KEY}}\n`);
    },
    says: `cluster kubernetes: secret democratic-csi/${NFS} is for no driver of TrueNAS`,
  },
  {
    what: 'the key would travel in the clear',
    change: (site) => {
      site.connect({ protocol: 'http', host: 'nas1.invalid', port: 80, apiKey: DRIVER_KEY });
    },
    says: `secret democratic-csi/${NFS} names nas1.invalid over http, where its key would be read by others, and over https it is not to be had: https://nas1.invalid: nas1.invalid:443 cannot be reached`,
    remedy: 'Turn on HTTPS for the web interface of nas1.invalid',
  },
  {
    what: 'the cluster does not take the token',
    change: ({ kubernetes }) => {
      kubernetes.faults.status = { pods: { status: 401 } };
    },
    says: 'cluster kubernetes',
  },
];

describe('with nothing configured, and no help from any Secret', () => {
  it.each(REFUSED)('it says so where $what', async ({ change, says, remedy = '' }) => {
    const site = await aSite();
    site.keepOnly(NFS);
    change(site);
    const result = await run(site, ['--timeout', '5s', '--log-level', 'debug']);
    expect(result.exitCode).toBe(2);
    expect(result.stdout).toBe('');
    expect(result.stderr).toContain(
      'nothing says where TrueNAS is, and no Secret of a CSI driver does\n',
    );
    expect(result.stderr).toContain(`  ${says}`);
    expect(result.stderr).toContain('Write a configuration: truenas-monitor config init');
    expect(result.stderr).toContain(remedy);
    expect(site.truenas.calls).toEqual([]);
    expect(hasSecret([result.stderr, ...(await filesOf(site))])).toBe(false);
  });

  it('a key that TrueNAS refuses is traced to the Secret', async () => {
    const site = await aSite();
    site.truenas.system.apiKeys.length = 0;
    const result = await run(site);
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain('127.0.0.1 refused the credentials');
    expect(JSON.parse(result.stderr.slice(result.stderr.indexOf('{')))).toMatchObject({
      error: {
        code: 'TRUENAS_UNAUTHORIZED',
        remediation: [
          `The credentials are those of secret democratic-csi/${ISCSI}: mend them there, or set truenas.url, truenas.username and truenas.api_key.`,
        ],
      },
    });
  });

  it('a context that was asked for and is not there is what is said', async () => {
    const result = await run(await aSite(), ['--context', 'staging']);
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain('there is no context staging');
    expect(result.stderr).not.toContain('nothing says where TrueNAS is');
  });

  it('a key of our own without an address is not sent where the Secret says', async () => {
    const site = await aSite();
    const result = await run(site, [], { TRUENAS_API_KEY: '9-mine-mine-mine' });
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain('Error: nothing says where TrueNAS is\n');
    expect(site.kubernetes.requests).toEqual([]);
    expect(site.truenas.calls).toEqual([]);
  });
});
