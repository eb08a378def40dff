import { type NotIncluded } from '../../cleanup/not-included.ts';
import { type LeftOut } from '../../cleanup/plan-schema.ts';
import { counted, firstFew, joined } from '../text/format.ts';
import { type Palette } from '../text/palette.ts';
import { indented, subjectName } from './labels.ts';

/** Of one reason, unless everything is asked for. */
const SHOWN = 3;

const ASKED = 'it may be missed, so that it has to be asked for';

/** Reasons that go on about each finding alone: what they begin with says enough in a table. */
const FAMILIES = ['it is for people to do', 'it is not certain', ASKED] as const;

function familyOf({ reason }: LeftOut): string {
  return FAMILIES.find((family) => reason.startsWith(family)) ?? reason;
}

interface LeftOutOptions {
  readonly columns: number;
  readonly palette: Palette;
  readonly wide: boolean;
}

/** What could have been in the plan, by why it is not: the reasons are few, the findings may be many. */
export function leftOutLines(
  leftOut: readonly LeftOut[],
  notIncluded: readonly NotIncluded[],
  { columns, palette, wide }: LeftOutOptions,
): readonly string[] {
  if (leftOut.length + notIncluded.length === 0) return [];
  const groups = Map.groupBy(leftOut, (each) => (wide ? each.reason : familyOf(each)));
  return [
    palette.heading(`LEFT OUT: ${countsOf(leftOut, notIncluded)}`),
    ...[...groups]
      .toSorted(([, a], [, b]) => b.length - a.length)
      .flatMap(([reason, each]) => {
        const title = each.length === 1 || wide ? reason : `${reason} (${String(each.length)})`;
        return [
          ...indented('  ', title, columns, '  '),
          ...indented('      ', namesOf(each, wide), columns, '').map(palette.dim),
        ];
      }),
    // Whoever named one counts on it, so that none is left unsaid.
    ...notIncluded.flatMap(({ snapshot, reason }) => [
      ...indented('  ', reason, columns, '  '),
      ...indented('      ', `--include-snapshots ${snapshot}`, columns, '').map(palette.dim),
    ]),
  ];
}

function countsOf(leftOut: readonly LeftOut[], notIncluded: readonly NotIncluded[]): string {
  return joined([
    ...(leftOut.length === 0 ? [] : [counted(leftOut.length, 'finding')]),
    ...(notIncluded.length === 0 ? [] : [counted(notIncluded.length, 'named snapshot')]),
  ]);
}

/** An object may be left out for more than one finding of it. */
function namesOf(each: readonly LeftOut[], wide: boolean): string {
  if (wide) {
    return joined(
      each.map(({ id, rule, subject }) => `${subjectName(subject)} (${rule}, id ${id})`),
    );
  }
  return firstFew([...new Set(each.map(nameOf))], SHOWN);
}

/** With what asks for it, where it has to be asked for. */
function nameOf({ id, subject, reason }: LeftOut): string {
  const name = subjectName(subject);
  return reason.startsWith(ASKED) ? `${name} (--finding ${id})` : name;
}
