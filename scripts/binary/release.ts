import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import {
  chmod,
  copyFile,
  cp,
  mkdir,
  readdir,
  readFile,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type BundledPackage, licensesOf } from './packages.ts';
import { type Target } from './platform.ts';
import { billOfMaterials } from './sbom.ts';

interface Release {
  readonly root: string;
  readonly work: string;
  /** The executable. */
  readonly output: string;
  readonly target: Target;
  /** With the commit it was made from. */
  readonly version: string;
  readonly packages: readonly BundledPackage[];
  /** Whether a large archive soon is better than a small one later. */
  readonly quick: boolean;
}

const DOCUMENTS = ['LICENSE', 'README.md', 'CHANGELOG.md', 'completions'] as const;

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** Everything of a release in one folder, as it is unpacked. */
async function stage(
  { root, work, output, target, packages }: Release,
  name: string,
): Promise<string> {
  const folder = path.join(work, name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await copyFile(output, path.join(folder, 'truenas-monitor'));
  await chmod(path.join(folder, 'truenas-monitor'), 0o755);
  // Under this name kubectl finds it.
  await symlink('truenas-monitor', path.join(folder, 'kubectl-truenas_monitor'));
  for (const each of DOCUMENTS) {
    await cp(path.join(root, each), path.join(folder, each), { recursive: true });
  }
  const runtime = await readFile(path.join(path.dirname(target.node), '../LICENSE'), 'utf8');
  await writeFile(path.join(folder, 'THIRD-PARTY-LICENSES.txt'), licensesOf(packages, runtime));
  return folder;
}

/** Packs the same files into the same bytes, whoever does it and when; one thread, because more make other bytes. */
function pack({ work, quick }: Release, name: string, file: string): void {
  const owner = ['--owner=0', '--group=0', '--numeric-owner', '--sort=name', '--mtime=@0'];
  execFileSync('tar', [...owner, '-C', work, '-cJf', file, name], {
    env: { ...process.env, XZ_OPT: `${quick ? '-0' : '-6'} -T1` },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/** Writes bill of materials, archive and checksums beside the executable's folder. */
export async function writeRelease(release: Release): Promise<readonly string[]> {
  const { work, output, target, version, packages } = release;
  const folder = path.join(path.dirname(work), 'release');
  await mkdir(folder, { recursive: true });
  const [plain = version] = version.split('+');
  const name = `truenas-monitor-${plain}-${target.platform}`;
  const node = process.versions.node;
  const sbom = path.join(folder, `${name}.cdx.json`);
  await writeFile(
    sbom,
    await billOfMaterials({ version, platform: target.platform, node, packages }),
  );
  await copyFile(sbom, path.join(await stage(release, name), 'sbom.cdx.json'));
  pack(release, name, path.join(folder, `${name}.tar.xz`));
  await rm(path.join(work, name), { recursive: true });
  const files = (await readdir(folder)).filter((each) => each !== 'SHA256SUMS').sort();
  const sums = await Promise.all(
    files.map(async (each) => `${await sha256(path.join(folder, each))}  ${each}`),
  );
  const own = `${await sha256(output)}  ${path.basename(output)}`;
  await writeFile(path.join(folder, 'SHA256SUMS'), `${sums.join('\n')}\n`);
  await writeFile(path.join(path.dirname(output), 'truenas-monitor.sha256'), `${own}\n`);
  return files;
}
