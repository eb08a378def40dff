#!/usr/bin/env node
// Runs the sources as they are: Node strips the types itself, so nothing is transpiled.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { execute, settings } from '@oclif/core';

const root = resolve(import.meta.dirname, '..');
const pjson = JSON.parse(await readFile(resolve(root, 'package.json'), 'utf8'));
settings.enableAutoTranspile = false;
pjson.oclif.commands = './src/commands';
pjson.oclif.hooks = { command_not_found: './src/lib/cli/unknown-command' };
// Not awaited: once the reader of stdout has gone, oclif waits for it in vain, and Node would call that a failure.
void execute({ loadOptions: { root, pjson, ignoreManifest: true } });
