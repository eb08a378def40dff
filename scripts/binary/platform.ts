import { execFileSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import path from 'node:path';

/** A platform an executable is made for, as the packages that bring Node call it: `linux-x64`. */
export interface Target {
  readonly platform: string;
  /** The Node that becomes the executable. */
  readonly node: string;
  /** Whether this machine can run it. */
  readonly native: boolean;
}

const HERE = `${process.platform}-${process.arch}`;

/**
 * The Node of the package that the lockfile pins for this platform, or one that was brought for another.
 *
 * @param node of the target platform; undefined for the one that was installed
 */
export function targetOf(root: string, platform = HERE, node?: string): Target {
  const installed = path.join(root, 'node_modules', `node-${platform}`, 'bin/node');
  return { platform, node: realpathSync(node ?? installed), native: platform === HERE };
}

/** Takes the symbols out of an executable of this platform: a seventh of its size, and nothing the program needs. */
export function strip(file: string): boolean {
  try {
    execFileSync('strip', ['--strip-all', file], { stdio: 'ignore' });
    return true;
  } catch {
    // Not a failure: without binutils the executable is larger, and does the same.
    return false;
  }
}
