import { type MetricsSettings } from '../../core/serve/settings.ts';
import { type Logger } from '../../ports/logger.ts';
import { type Console } from '../base-command.ts';
import { currentTerminal } from '../terminal.ts';

interface Served {
  readonly address: string;
  readonly metrics: MetricsSettings;
}

/** Says where to look: a person in some lines, a log in one. */
export function greeting({ version }: Console, logger: Logger, { address, metrics }: Served): void {
  const url = metrics.enabled ? metricsUrl(address, metrics) : null;
  logger.log('info', 'listening', {
    address,
    docs: `${address}/docs`,
    version,
    ...(url !== null && { metrics: url }),
  });
  if (!currentTerminal().stderrIsTerminal) return;
  const lines = [
    `truenas-monitor ${version} serves at ${address}`,
    `  what there is  ${address}/docs`,
    ...(url === null ? [] : [`  metrics        ${url}`]),
    `  state          ${address}/ready`,
    'Ctrl-C ends it.',
  ];
  process.stderr.write(`${lines.join('\n')}\n`);
}

function metricsUrl(address: string, { listen, path }: MetricsSettings): string {
  // On the port of everything else, unless they have their own.
  if (listen === null) return `${address}${path}`;
  const { host, port } = listen;
  return `http://${host.includes(':') ? `[${host}]` : host}:${String(port)}${path}`;
}
