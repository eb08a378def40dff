import { type TestOptions } from 'vitest';

declare module 'vitest' {
  interface TaskMeta {
    /** The program a skipped test could not find; `npm run check` counts these. */
    missingTool?: string;
  }
}

/** Options of a test that needs a program this machine may lack: without it the test is skipped, and counted. */
export function needsTool(tool: string, isHere: boolean): TestOptions {
  return isHere ? {} : { skip: true, meta: { missingTool: tool } };
}
