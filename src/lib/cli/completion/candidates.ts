/** What the shell does beside offering candidates: the numbers of cobra, which kubectl understands as well. */
export const DIRECTIVE = {
  /** Nothing of its own was found: let the shell complete files. */
  files: 0,
  /** Candidates are beginnings: write no space behind them. */
  noSpace: 2,
  /** Only the candidates count. */
  noFiles: 4,
  /** Let the shell complete directories. */
  directories: 16,
} as const;

export interface Candidate {
  readonly value: string;
  readonly description?: string;
}

/** What may stand where the cursor is. */
export interface Completion {
  readonly candidates: readonly Candidate[];
  /** Sum of `DIRECTIVE`s. */
  readonly directive: number;
}

export const NOTHING: Completion = { candidates: [], directive: DIRECTIVE.noFiles };
export const FILES: Completion = { candidates: [], directive: DIRECTIVE.files };
export const DIRECTORIES: Completion = { candidates: [], directive: DIRECTIVE.directories };

export function offering(
  candidates: readonly Candidate[],
  directive: number = DIRECTIVE.noFiles,
): Completion {
  return { candidates, directive };
}

/** Those that begin with what was typed, with something in front of each. */
export function startingWith(
  typed: string,
  { candidates, directive }: Completion,
  prefix = '',
): Completion {
  const matching = candidates
    .filter(({ value }) => value.startsWith(typed))
    .map((each) => ({ ...each, value: `${prefix}${each.value}` }));
  return { candidates: matching, directive };
}

const CONTROL = /\p{Cc}+/gu;

/** One candidate a line, its description behind a tab, and last the directive: as cobra writes it. */
export function serialise({ candidates, directive }: Completion): string {
  const lines = candidates.map(({ value, description }) =>
    [value, ...(description === undefined ? [] : [description])]
      .map((text) => text.replaceAll(CONTROL, ' '))
      .join('\t'),
  );
  return [...lines, `:${directive}`, ''].join('\n');
}
