import { Chalk } from 'chalk';
import { type Palette } from '../core/render/text/palette.ts';

/** The sixteen colours every terminal has, so that its own theme decides what they look like. */
export function colorPalette(): Palette {
  const chalk = new Chalk({ level: 1 });
  return {
    severity: {
      critical: chalk.bold.red,
      high: chalk.red,
      medium: chalk.yellow,
      low: chalk.cyan,
      info: chalk.dim,
    },
    heading: chalk.bold,
    warning: chalk.bold.yellow,
    good: chalk.green,
    dim: chalk.dim,
  };
}
