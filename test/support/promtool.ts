import { spawnSync } from 'node:child_process';
import { type TestOptions } from 'vitest';
import { needsTool } from './missing-tool.ts';

function isHere(program: string): boolean {
  return spawnSync(program, ['--version']).status === 0;
}

/** Options of a test that needs `promtool` or `prometheus`; both come with the Debian package `prometheus`. */
export function needsPrometheus(): TestOptions {
  return needsTool('prometheus', isHere('promtool') && isHere('prometheus'));
}

export interface PromtoolResult {
  readonly code: number | null;
  /** Both of its outputs. */
  readonly said: string;
}

export function promtool(argv: readonly string[], input = '', cwd?: string): PromtoolResult {
  const { status, stdout, stderr } = spawnSync('promtool', argv, { input, cwd, encoding: 'utf8' });
  return { code: status, said: stdout + stderr };
}
