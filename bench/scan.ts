import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Cost, type Measured, costOf, interleaved, middle, ratio } from './cost.ts';
import { startLabProcess } from './lab-client.ts';
import { type Phase, phasesOf } from './phases.ts';
import { homeIn, writeConnection } from './workplace.ts';

/** One scan against the lab, and what a program costs that fetches and parses the same bytes and does nothing else. */
export interface ScanResult {
  readonly version: string;
  readonly size: number;
  readonly scan: Cost;
  readonly floor: Cost;
  readonly cpuRatio: number;
  readonly wallRatio: number;
  /** Against `kubectl get pv,pvc -A -o json` from the same server; undefined without kubectl. */
  readonly kubernetesHalf:
    { readonly scan: Cost; readonly kubectl: Cost; readonly cpuRatio: number } | undefined;
  readonly phases: readonly Phase[];
}

export interface ScanSetting {
  readonly root: string;
  readonly work: string;
  readonly binary: string;
  readonly size: number;
  readonly runs: number;
  readonly version: string;
  /** Whether to measure it as well: it is the same beside every TrueNAS. */
  readonly kubernetesHalf: boolean;
}

/** One more scan, which writes down what it does and when. */
async function runPhases(
  [program, ...args]: Measured['command'],
  env: NodeJS.ProcessEnv,
): Promise<readonly Phase[]> {
  const started = Date.now();
  const flags = ['--log-level', 'debug', '--log-format', 'json'];
  const child = spawn(program, [...args, ...flags], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    log += chunk;
  });
  await new Promise((resolve) => child.on('close', resolve));
  return phasesOf(log, started, Date.now());
}

const cpu = ({ cpuMs }: Cost): number => cpuMs;

/** The Kubernetes half: rules that look at volumes and claims, against a kubectl that lists the same. */
async function measureKubernetesHalf(
  { root, binary, size, runs, version }: ScanSetting,
  work: string,
  env: NodeJS.ProcessEnv,
): Promise<ScanResult['kubernetesHalf']> {
  const kubectl = path.join(root, 'node_modules/.cache/kubectl-v1.35/kubectl');
  if (!existsSync(kubectl)) return undefined;
  using lab = await startLabProcess(size, version, true);
  const folder = path.join(work, 'kubernetes-half');
  mkdirSync(folder, { recursive: true });
  const { kubeconfig, config } = writeConnection(folder, lab.address);
  const list = ['get', 'persistentvolumes,persistentvolumeclaims', '-A', '-o', 'json'];
  const rules = ['--rule', 'pv-released,pvc-lost'];
  const costs = await interleaved(runs, {
    scan: {
      command: [binary, 'orphans', '--config', config, ...rules, '-o', 'json', '--quiet'],
      env,
    },
    kubectl: { command: [kubectl, '--kubeconfig', kubeconfig, ...list], env },
  });
  return {
    scan: middle(costs.scan),
    kubectl: middle(costs.kubectl),
    cpuRatio: ratio(costs.scan, costs.kubectl, cpu),
  };
}

/** Measures one fleet over one TrueNAS release, each run a process of its own, start-up included. */
export async function measureScan(setting: ScanSetting): Promise<ScanResult> {
  const { root, binary, size, runs, version } = setting;
  const work = path.join(setting.work, `${version}-${size}`);
  mkdirSync(work, { recursive: true });
  using lab = await startLabProcess(size, version);
  const files = writeConnection(work, lab.address);
  const traceFile = path.join(work, 'trace.json');
  const env = homeIn(work);
  const scan: Measured = {
    command: [binary, 'orphans', '--config', files.config, '-o', 'json', '--quiet'],
    env: { ...env, TRUENAS_MONITOR_TRACE_FILE: traceFile },
    traceFile,
  };
  await costOf(scan);
  const planFile = path.join(work, 'floor.json');
  writeFileSync(planFile, JSON.stringify({ address: lab.address, traffic: await lab.traffic() }));
  const floorTrace = path.join(work, 'floor-trace.json');
  const floor: Measured = {
    command: [
      process.execPath,
      '--import',
      path.join(root, 'bench/measure.ts'),
      path.join(root, 'bench/floor.ts'),
      planFile,
    ],
    env: { ...env, TRUENAS_MONITOR_TRACE_FILE: floorTrace },
    traceFile: floorTrace,
  };
  const costs = await interleaved(runs, { scan, floor });
  return {
    version,
    size,
    scan: middle(costs.scan),
    floor: middle(costs.floor),
    cpuRatio: ratio(costs.scan, costs.floor, cpu),
    wallRatio: ratio(costs.scan, costs.floor, ({ wallMs }) => wallMs),
    kubernetesHalf: setting.kubernetesHalf
      ? await measureKubernetesHalf(setting, work, env)
      : undefined,
    phases: await runPhases([binary, 'orphans', '--config', files.config, '-o', 'json'], env),
  };
}
