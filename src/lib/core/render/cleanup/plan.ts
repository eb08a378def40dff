import { type NotIncluded } from '../../cleanup/not-included.ts';
import { type PlanView } from '../../cleanup/plan-view.ts';
import { bytes } from '../../model/units.ts';
import { INTENTS } from '../../cleanup/plan-schema.ts';
import { type CleanupFormat } from '../formats.ts';
import { toJson } from '../json.ts';
import { type TableOptions } from '../table.ts';
import { counted, formatBytes, formatInstant, joined } from '../text/format.ts';
import { toYaml } from '../yaml.ts';
import { itemLines } from './item-lines.ts';
import {
  actorName,
  actorNames,
  blocksOf,
  boundTo,
  bytesInTheEnd,
  countedIntent,
  idLine,
  indented,
  instantFrom,
} from './labels.ts';
import { leftOutLines } from './left-out.ts';
import { limitLines } from './limit-lines.ts';
import { nextAfterPlan } from './next-command.ts';

export interface PlanOptions extends TableOptions {
  readonly now: Date;
  /** How many people have to approve, as the configuration says. */
  readonly approvals: number;
  /** Flags of the running command that the next one needs as well, such as `--demo`. */
  readonly flags: readonly string[];
  /** Snapshots that were named and are not in the plan; known only while it is made. */
  readonly notIncluded?: readonly NotIncluded[];
}

/** A plan, ready to be written as it is. JSON and YAML are the document that is hashed, approved and carried out. */
export function renderPlan(view: PlanView, format: CleanupFormat, options: PlanOptions): string {
  switch (format) {
    case 'json':
      return toJson(view.plan);
    case 'yaml':
      return toYaml(view.plan);
    case 'name':
      return idLine(view.id);
    case 'table':
    case 'wide':
      return planText(view, format === 'wide', options);
  }
}

function planText(view: PlanView, wide: boolean, options: PlanOptions): string {
  const { plan } = view;
  const { columns, palette } = options;
  const plural = plan.clusters.length + plan.systems.length > 2;
  const items = plan.items.map((item, at) =>
    itemLines(
      item,
      plan.steps.filter((step) => step.item === item.id),
      `${String(at + 1)}. `,
      { columns, palette, wide, plural },
    ),
  );
  return blocksOf([
    headLines(view, wide, options),
    ...items,
    leftOutLines(plan.left_out, options.notIncluded ?? [], { columns, palette, wide }),
    [...totalLines(view, columns), ...limitLines(plan, columns)],
    [
      ...nextAfterPlan(view, options),
      ...(wide || plan.items.length === 0
        ? []
        : indented(
            '',
            '-o wide shows the evidence, what each step is checked for right before it, and why each finding is left out.',
            columns,
            '  ',
          ).map(palette.dim)),
    ],
  ]);
}

function headLines(view: PlanView, wide: boolean, options: PlanOptions): readonly string[] {
  const { plan, plannedBy } = view;
  const { columns, palette, now } = options;
  const made = new Date(plan.created_at);
  const expires = new Date(plan.expires_at);
  const line = (text: string): readonly string[] => indented('  ', text, columns, '  ');
  return [
    ...indented('', `PLAN ${view.id}`, columns).map(palette.heading),
    ...line(`made ${formatInstant(made)} by ${actorName(plannedBy)}`),
    ...line(`for ${boundTo(plan, wide)}, and nothing else`),
    ...(now < expires
      ? line(`holds until ${instantFrom(expires, now)}`)
      : line(`EXPIRED ${instantFrom(expires, now)}`).map(palette.warning)),
    ...stateLines(view, options),
    ...(plan.complete
      ? []
      : line(
          'INCOMPLETE: not everything could be read, so there may be more to do than is planned',
        ).map(palette.warning)),
  ];
}

export function stateLines(
  view: PlanView,
  { columns, palette, approvals }: Pick<PlanOptions, 'columns' | 'palette' | 'approvals'>,
): readonly string[] {
  const { state, rejection } = view;
  const given = view.approvals.map(({ by }) => by);
  const line = (text: string): readonly string[] => indented('  ', text, columns, '  ');
  if (state === 'rejected') {
    const why = rejection?.reason ?? 'no reason was given';
    const who = rejection === null ? 'somebody' : actorName(rejection.by);
    return line(`REJECTED by ${who}: ${why}`).map(palette.warning);
  }
  if (state === 'approved') {
    const who = given.length === 0 ? 'cleanup.auto_approve' : actorNames(given);
    return line(`approved by ${who}`).map(palette.good);
  }
  if (view.plan.items.length === 0) return [];
  const kinds = approvals > 1 ? ', each of somebody whom Kubernetes knows' : '';
  const sofar = given.length === 0 ? '' : `; so far by ${actorNames(given)}`;
  return line(`not approved: needs ${counted(approvals, 'approval')}${kinds}${sofar}`);
}

export function totalLines({ plan }: PlanView, columns: number): readonly string[] {
  const { summary } = plan;
  if (summary.items === 0) {
    const text =
      plan.left_out.length === 0
        ? 'There is nothing to do.'
        : 'Nothing is planned: what was found is left out, for the reasons above.';
    return indented('', text, columns, '  ');
  }
  const kinds = INTENTS.flatMap((intent) => {
    const count = summary.by_intent[intent] ?? 0;
    return count === 0 ? [] : [countedIntent(count, intent)];
  });
  const now = formatBytes(bytes(summary.bytes_now));
  const later = formatBytes(bytesInTheEnd(summary));
  return indented(
    '',
    `${counted(summary.items, 'item')} in ${counted(summary.steps, 'step')}: ${joined(kinds)}. ${now} come back now, ${later} in the end.`,
    columns,
    '  ',
  );
}
