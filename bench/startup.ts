import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Measured, interleaved, middle, ratio } from './cost.ts';
import { budgetRow, fixed, table } from './table.ts';

const cpu = ({ cpuMs }: { readonly cpuMs: number }): number => cpuMs;

/** Where the tests keep the real kubectl; undefined where none of them has run yet. */
function kubectlIn(root: string): string | undefined {
  const file = path.join(root, 'node_modules/.cache/kubectl-v1.35/kubectl');
  return existsSync(file) ? file : undefined;
}

/** What it costs until the executable has said something, against Node alone and against kubectl. */
export async function measureStartup(
  root: string,
  binary: string,
  runs: number,
): Promise<{ readonly text: string; readonly budgets: readonly (readonly string[])[] }> {
  const kubectl = kubectlIn(root);
  const measured: Record<string, Measured> = {
    'node -e 0': { command: [process.execPath, '-e', '0'] },
    'truenas-monitor --version': { command: [binary, '--version'] },
    'truenas-monitor --help': { command: [binary, '--help'] },
    'truenas-monitor orphans --help': { command: [binary, 'orphans', '--help'] },
    'the same from the npm package': {
      command: [process.execPath, path.join(root, 'bin/run.js'), 'orphans', '--help'],
    },
    ...(kubectl && { 'kubectl version --client': { command: [kubectl, 'version', '--client'] } }),
  };
  const costs = await interleaved(runs, measured);
  const node = costs['node -e 0'] ?? [];
  const other = costs['kubectl version --client'];
  const rows = Object.entries(costs).map(([name, each]) => {
    const { cpuMs, wallMs } = middle(each);
    const toKubectl = other === undefined ? '' : fixed(ratio(each, other, cpu), 2);
    return [
      `\`${name}\``,
      fixed(cpuMs),
      fixed(wallMs),
      fixed(ratio(each, node, cpu), 2),
      toKubectl,
    ];
  });
  const budgets = ['--help', 'orphans --help'].flatMap((what) => {
    const each = costs[`truenas-monitor ${what}`] ?? [];
    return [
      budgetRow(`\`${what}\`: CPU, × \`node -e 0\``, 2.5, ratio(each, node, cpu)),
      ...(other === undefined
        ? []
        : [
            budgetRow(
              `\`${what}\`: CPU, × \`kubectl version --client\``,
              1.25,
              ratio(each, other, cpu),
            ),
          ]),
    ];
  });
  const head = ['start-up', 'CPU ms', 'wall ms', '× node', '× kubectl'];
  return { text: table(head, rows), budgets };
}
