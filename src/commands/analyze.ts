import { BaseCommand } from '../lib/cli/base-command.ts';
import { EXIT, exitCodeForAnalysis, exitCodeHelp } from '../lib/cli/exit-codes.ts';
import { CONNECTION_FLAGS, DEMO_FLAGS } from '../lib/cli/flags.ts';
import {
  ANALYSIS_FAIL_FLAGS,
  ANALYSIS_FLAGS,
  ANALYSIS_OUTPUT_FLAGS,
} from '../lib/cli/flags-of-analysis.ts';
import { checkWritable } from '../lib/cli/output.ts';

export default class Analyze extends BaseCommand {
  static override summary = 'where the space goes, how fast, and when it runs out';

  static override description = `Reads both sides once and looks at what earlier scans left behind: used against promised space, overcommitment, compression, snapshots and growth of pools, StorageClasses and volumes, when each pool and quota is reached, days that were out of the ordinary, and what to do about it, largest gain first. Neither side is changed.

A forecast is an interval, with the confidence that a test on past days has earned it. Where there are too few days for a statement none is made, and the notes say what it takes; without any history it tells of the present alone. How to read it is in docs/analysis.md.

${exitCodeHelp([EXIT.ok, EXIT.findings, EXIT.failed, EXIT.incomplete, EXIT.interrupted])}`;

  static override examples = [
    {
      description: 'See what it tells of an embedded lab, without any server:',
      command: '<%= config.bin %> <%= command.id %> --demo',
    },
    {
      description: 'The twenty fastest growing volumes of a namespace, over half a year:',
      command: '<%= config.bin %> <%= command.id %> -n shop --days 180 --top 20',
    },
    {
      description: 'Days until the first pool is full, for a script:',
      command:
        "<%= config.bin %> <%= command.id %> -o jsonpath='{.capacity_forecast.days_until_full}'",
    },
    {
      description: 'Be told from cron before a pool fills:',
      command: '<%= config.bin %> <%= command.id %> --fail-on high -o name',
    },
  ];

  static override flags = {
    ...CONNECTION_FLAGS,
    ...ANALYSIS_FLAGS,
    ...ANALYSIS_OUTPUT_FLAGS,
    ...ANALYSIS_FAIL_FLAGS,
    ...DEMO_FLAGS,
  };

  override async run(): Promise<void> {
    const { flags } = await this.parse(Analyze);
    const { readAnalyzeFlags } = await import('../lib/cli/analyze-flags.ts');
    const asked = readAnalyzeFlags(flags);
    const console = this.console(flags);
    await checkWritable(asked.outputFile);
    const { analyzeAndRender } = await import('../lib/cli/analyze-and-render.ts');
    const { analysis, text } = await analyzeAndRender(asked, console, this.signal);
    await this.emit(text, asked.outputFile);
    process.exitCode = exitCodeForAnalysis(analysis, asked.failOn);
  }
}
