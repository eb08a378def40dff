// What the executable runs: the commands, handed to oclif ready-made, since there are no files to find them in.
import { execute } from '@oclif/core';
import { rootPlugin } from './root-plugin.ts';

// Not awaited: once the reader of stdout has gone, oclif waits for it in vain, and Node would call that a failure.
void execute({
  loadOptions: {
    root: rootPlugin.root,
    plugins: new Map([[rootPlugin.name, rootPlugin]]),
    version: rootPlugin.version,
  },
});
