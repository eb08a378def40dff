import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { type TestOptions } from 'vitest';

declare module 'vitest' {
  interface TaskMeta {
    /** The program a skipped test could not find; `npm run check` counts these. */
    missingTool?: string;
  }
}

function isInstalled(tool: string): boolean {
  return (process.env['PATH'] ?? '').split(path.delimiter).some((directory) => {
    try {
      accessSync(path.join(directory, tool), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Options of a test that needs a program which may not be installed: without it the test is skipped, and counted. */
export function needsTool(tool: string): TestOptions {
  return isInstalled(tool) ? {} : { skip: true, meta: { missingTool: tool } };
}
