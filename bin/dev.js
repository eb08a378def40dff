#!/usr/bin/env node
// Runs the sources as they are: Node strips the types itself, so nothing is transpiled.
import { readFile } from 'node:fs/promises';
import { execute, settings } from '@oclif/core';

const root = new URL('../', import.meta.url);
const pjson = JSON.parse(await readFile(new URL('package.json', root), 'utf8'));
settings.enableAutoTranspile = false;
pjson.oclif.commands = './src/commands';
pjson.oclif.hooks = { command_not_found: './src/lib/cli/unknown-command' };
await execute({ loadOptions: { root: import.meta.dirname + '/..', pjson, ignoreManifest: true } });
