/** What is known of the streams a command writes to. */
export interface TerminalFacts {
  readonly stdoutIsTerminal: boolean;
  readonly stderrIsTerminal: boolean;
  /** Width of the terminal; infinite where there is none, since nothing has to fit. */
  readonly columns: number;
  /** The same of the one that messages go to. */
  readonly messageColumns: number;
  readonly environment: NodeJS.ProcessEnv;
}

export function currentTerminal(): TerminalFacts {
  const { stdout, stderr, env } = process;
  return {
    stdoutIsTerminal: stdout.isTTY,
    stderrIsTerminal: stderr.isTTY,
    columns: terminalWidth(stdout),
    messageColumns: terminalWidth(stderr),
    environment: env,
  };
}

/** Of a terminal that does not say, as of one under `script` or in a container. */
const USUAL_WIDTH = 80;

/** How many characters fit beside each other; infinite where nothing has to fit. */
export function terminalWidth({
  isTTY,
  columns,
}: Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>): number {
  if (!isTTY) return Number.POSITIVE_INFINITY;
  return columns > 0 ? columns : USUAL_WIDTH;
}

/** Colours on results: on a terminal or by FORCE_COLOR; never with NO_COLOR or --no-color. */
export function useColor({ stdoutIsTerminal, environment }: TerminalFacts, off: boolean): boolean {
  if (off || isSet(environment['NO_COLOR'])) return false;
  const forced = environment['FORCE_COLOR'];
  if (isSet(forced)) return forced !== '0' && forced !== 'false';
  return stdoutIsTerminal && environment['TERM'] !== 'dumb';
}

/**
 * Whether what is written can hold block characters: not on a terminal that can do nothing, nor where the locale says that it
 * shows other characters. A locale nobody has set says nothing, as in most containers.
 */
export function canDrawBlocks({ environment }: Pick<TerminalFacts, 'environment'>): boolean {
  if (environment['TERM'] === 'dumb') return false;
  const locale = ['LC_ALL', 'LC_CTYPE', 'LANG'].map((name) => environment[name]).find(isSet) ?? '';
  const [name, charset] = locale.split('@')[0]?.split('.') ?? [];
  if (charset !== undefined) return /^utf-?8$/i.test(charset);
  return name !== 'C' && name !== 'POSIX';
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}
