import { Chalk } from 'chalk';
import { type Palette, type Style } from '../core/render/text/palette.ts';

/** Chalk joins whatever else it is handed, as `map` does with the index; a style takes its text alone. */
function only(style: (text: string) => string): Style {
  return (text) => style(text);
}

/** The sixteen colours every terminal has, so that its own theme decides what they look like. */
export function colorPalette(): Palette {
  const chalk = new Chalk({ level: 1 });
  return {
    severity: {
      critical: only(chalk.bold.red),
      high: only(chalk.red),
      medium: only(chalk.yellow),
      low: only(chalk.cyan),
      info: only(chalk.dim),
    },
    heading: only(chalk.bold),
    warning: only(chalk.bold.yellow),
    good: only(chalk.green),
    dim: only(chalk.dim),
  };
}
