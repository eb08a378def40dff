import { execFileSync } from 'node:child_process';
import { chmod, copyFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { rolldown } from 'rolldown';
import { strip, type Target } from './platform.ts';

/**
 * Flags the program is launched with, and so those its code has to be compiled with. A scan keeps most of what it reads, so that a
 * nursery as large as Node's own only makes the process larger; one much smaller makes it slower. Flags that change how code is
 * compiled cost more than they bring: Node's own compiled code is refused under them.
 */
export const LAUNCH_FLAGS: readonly string[] = ['--max-semi-space-size=16'];

/** What has to be there before a chunk can be loaded, in one script. */
async function bundleBeginning(root: string, name: string, file: string): Promise<void> {
  const build = await rolldown({
    input: path.join(root, 'bin/binary', name),
    cwd: root,
    platform: 'node',
  });
  await build.write({ file, format: 'cjs', minify: true });
  await build.close();
}

interface Sealing {
  readonly root: string;
  /** Folder of the chunks and of what was compiled of them. */
  readonly chunks: string;
  /** Folder for what is left of the way there. */
  readonly work: string;
  readonly target: Target;
  /** The executable to write. */
  readonly output: string;
}

/** Puts the chunks into a Node, which from then on is the program. */
export async function seal({ root, chunks, work, target, output }: Sealing): Promise<void> {
  const main = path.join(work, 'main.js');
  await bundleBeginning(root, 'main.ts', main);
  const thread = path.join(work, 'thread.js');
  await bundleBeginning(root, 'thread.ts', thread);
  const node = path.join(work, 'node');
  await copyFile(target.node, node);
  await chmod(node, 0o755);
  if (target.native) strip(node);
  // What was compiled here is of no use elsewhere.
  const names = (await readdir(chunks)).filter((name) => target.native || !name.endsWith('.cache'));
  const config = path.join(work, 'sea.json');
  await writeFile(
    config,
    JSON.stringify({
      main,
      output,
      executable: node,
      disableExperimentalSEAWarning: true,
      useSnapshot: false,
      useCodeCache: target.native,
      execArgv: LAUNCH_FLAGS,
      // NODE_OPTIONS are meant for the user's own programs.
      execArgvExtension: 'none',
      assets: {
        ...Object.fromEntries(names.map((name) => [name, path.join(chunks, name)])),
        'thread.js': thread,
      },
    }),
  );
  execFileSync(process.execPath, [...LAUNCH_FLAGS, '--build-sea', config], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await chmod(output, 0o755);
  await rm(node);
}
