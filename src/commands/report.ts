import { BaseCommand } from '../lib/cli/base-command.ts';
import { EXIT, exitCodeHelp } from '../lib/cli/exit-codes.ts';
import { CONNECTION_FLAGS, DEMO_FLAGS } from '../lib/cli/flags.ts';
import { readReportFlags, REPORT_FLAGS } from '../lib/cli/report-flags.ts';

export default class Report extends BaseCommand {
  static override summary = 'everything about the storage as one document';

  static override description = `Reads both sides once and writes what orphans, analyze, validate and health say of it as one document: what changed since the last report, reclaimable space, findings with evidence and remedy, capacity and forecasts with charts, volumes, snapshots, checks, and what could not be seen. Neither side is changed.

The same scan gives the same document, so that it suits cron: files are written whole or not at all. --sections chooses what documents and CSV hold; JSON and YAML always hold everything. See docs/report.md.

${exitCodeHelp([EXIT.ok, EXIT.findings, EXIT.failed, EXIT.incomplete, EXIT.interrupted])}`;

  static override examples = [
    {
      description: 'Look at the report of the embedded lab in a browser:',
      command: '<%= config.bin %> <%= command.id %> --demo --output-file report.html',
    },
    {
      description: 'Every Monday at six, as a page and for printing (a line of crontab):',
      command:
        '0 6 * * 1  <%= config.bin %> <%= command.id %> -q -o html,pdf,json --output-file /srv/reports/',
    },
    {
      description: 'What is new, fixed and unchanged since a report that was kept:',
      command:
        '<%= config.bin %> <%= command.id %> --compare last.json --sections changes --output-file changes.md',
    },
    {
      description: 'Every volume as a table for a spreadsheet:',
      command: '<%= config.bin %> <%= command.id %> --sections volumes -o csv',
    },
  ];

  static override flags = {
    ...CONNECTION_FLAGS,
    ...REPORT_FLAGS,
    ...DEMO_FLAGS,
  };

  override async run(): Promise<void> {
    const { flags } = await this.parse(Report);
    const asked = await readReportFlags(flags);
    const console = this.console(flags);
    const { writeReport } = await import('../lib/cli/write-report.ts');
    process.exitCode = await writeReport(asked, console, this.signal);
  }
}
