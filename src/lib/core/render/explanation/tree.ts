import { type Chain, type Explanation } from '../../explain/explanation.ts';
import { refKey } from '../../model/resource-ref.ts';
import { wrapWords } from '../text/columns.ts';
import { counted, formatInstant, formatSpan } from '../text/format.ts';
import { fullHomeName, shortObjectName } from '../text/labels.ts';
import { type Palette } from '../text/palette.ts';
import { printable } from '../text/safe.ts';
import { treeLines, type TreeContext } from './nodes.ts';
import { ruleBlocks } from './rules.ts';

export interface TreeOptions {
  /** Width of the terminal; infinite for a pipe, where nothing is cut. */
  readonly columns: number;
  readonly palette: Palette;
  /** What was found stands before the chain: whoever picked a finding wants to read of it, and a screen is short. */
  readonly findingsFirst?: boolean;
}

function headLines({ report }: Explanation, width: number, palette: Palette): string[] {
  const { takenAt, cachedFor, complete, clusters, systems } = report;
  const scanned = `${counted(clusters.length, 'cluster')} and ${counted(systems.length, 'TrueNAS system')}`;
  const taken = formatInstant(takenAt);
  const when =
    cachedFor === null
      ? `As seen in ${scanned} at ${taken}`
      : `CACHED: as ${scanned} were seen ${formatSpan(cachedFor)} ago (${taken})`;
  const gaps =
    'INCOMPLETE: not everything could be read, so what is not shown may be there all the same.';
  return [
    ...wrapWords(when, width, '  ').map(palette.dim),
    ...(complete ? [] : wrapWords(gaps, width, '  ').map(palette.warning)),
  ];
}

function blockerLines(chain: Chain, width: number, palette: Palette): string[] {
  const { deletable, blockers, remarks } = chain;
  // What is not there cannot be deleted.
  if (!deletable) return [];
  const line = (text: string, indent: string, hang: string): string[] =>
    wrapWords(printable(text), width - indent.length, hang).map((each) => indent + each);
  if (blockers.length === 0) {
    const none = 'Nothing that was read stands in the way of deleting it.';
    return [none, ...remarks].flatMap((text) => line(text, '', '  '));
  }
  const lines = blockers.flatMap(({ what, step, state }, at) => {
    const number = `${String(at + 1)}.`;
    const unknown = state === 'unknown' ? 'perhaps ' : '';
    // What is to be done about each of several in turn is said below the last.
    const said = step === null || blockers[at + 1]?.step === step ? [] : [step];
    return [
      ...line(`${number} ${unknown}${what}`, '  ', ' '.repeat(number.length + 1)),
      ...said
        .flatMap((each) => line(each, `  ${' '.repeat(number.length + 1)}`, ''))
        .map(palette.dim),
    ];
  });
  const title = 'IN THE WAY OF DELETING IT, in the order to resolve';
  return [palette.heading(title), ...lines, ...remarks.flatMap((text) => line(text, '  ', ''))];
}

function chainBlocks(chain: Chain, explanation: Explanation, options: TreeOptions): string[][] {
  const { columns, palette } = options;
  const { clusters, systems } = explanation.report;
  const asked = new Set(chain.subjects.map(refKey));
  const context: TreeContext = {
    columns,
    palette,
    now: explanation.now,
    asked,
    plural: clusters.length > 1 || systems.length > 1,
  };
  const tree = treeLines(chain.roots, context);
  const { found, open } = ruleBlocks(chain.rules, asked, explanation.asked, columns, palette);
  return [
    ...(options.findingsFirst === true ? [...found, tree] : [tree, ...found]),
    ...open,
    blockerLines(chain, columns, palette),
  ];
}

function titleOf({ subjects }: Chain, width: number, palette: Palette): string[] {
  const names = subjects.map((ref) => `${shortObjectName(ref)} on ${fullHomeName(ref)}`);
  return wrapWords(names.join(', '), width, '  ').map(palette.heading);
}

/** The explanation for people: the tree of each chain, what every rule says of it, and what keeps it from being deleted. */
export function renderTree(explanation: Explanation, options: TreeOptions): string {
  const { columns, palette } = options;
  const blocks = explanation.chains.flatMap((chain) => [
    titleOf(chain, columns, palette),
    ...chainBlocks(chain, explanation, options),
  ]);
  const all = [headLines(explanation, columns, palette), ...blocks];
  const filled = all.filter((block) => block.length > 0);
  return `${filled.map((block) => block.join('\n')).join('\n\n')}\n`;
}
