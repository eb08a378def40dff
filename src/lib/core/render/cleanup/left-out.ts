import { type LeftOut } from '../../cleanup/plan-schema.ts';
import { counted, firstFew, joined } from '../text/format.ts';
import { type Palette } from '../text/palette.ts';
import { indented, subjectName } from './labels.ts';

/** Of one reason, unless everything is asked for. */
const SHOWN = 3;

/** What could have been in the plan, by why it is not: the reasons are few, the findings may be many. */
export function leftOutLines(
  leftOut: readonly LeftOut[],
  columns: number,
  palette: Palette,
  wide: boolean,
): readonly string[] {
  if (leftOut.length === 0) return [];
  const byReason = Map.groupBy(leftOut, ({ reason }) => reason);
  return [
    palette.heading(`LEFT OUT: ${counted(leftOut.length, 'finding')}`),
    ...[...byReason]
      .toSorted(([, a], [, b]) => b.length - a.length)
      .flatMap(([reason, each]) => {
        const names = each.map(({ id, rule, subject }) => {
          const name = subjectName(subject);
          return wide ? `${name} (${rule}, id ${id})` : name;
        });
        const text = wide ? joined(names) : firstFew(names, SHOWN);
        return [
          ...indented('  ', reason, columns, '  '),
          ...indented('      ', text, columns, '').map(palette.dim),
        ];
      }),
  ];
}
