import { type Block } from '../model/document.ts';
import { type FullReport } from '../model/full-report.ts';
import { heading, list, paragraph } from './blocks.ts';
import { percentText, timesText } from './words.ts';

/** How what is said here came about, for whoever has to rely on it. */
export function methodsBlocks({ thresholds }: FullReport): readonly Block[] {
  const { poolWarning, poolCritical, volumeWarning, volumeCritical, maxOvercommit } = thresholds;
  return [
    heading('Findings'),
    ...list([
      'Kubernetes and TrueNAS are read at once and joined; whatever is said to be absent is looked up again before it is reported.',
      'A finding is certain where everything that could prove it wrong was read and agreed; the rest is likely. What a rule means is in docs/rules.',
      'A list that could not be read makes the scan incomplete, never something absent.',
      'Reclaimable space counts each byte once, and certain findings alone.',
    ]),
    heading('Space'),
    ...list([
      'Sizes are physical bytes as ZFS accounts for them, in binary units; days are those of UTC.',
      'Promised is the quota, the size of the zvol or the capacity that was asked for.',
      `Pools are warned of from ${percentText(poolWarning)} on and critical from ${percentText(poolCritical)} on, volumes from ${percentText(volumeWarning)} and ${percentText(volumeCritical)} of what was promised on; overcommitment is too much above ${timesText(maxOvercommit)}.`,
    ]),
    heading('Trends and forecasts'),
    ...list([
      'Growth is the Theil–Sen slope of daily values once steps are taken out: single days and one-time migrations do not bend it. Least squares stand beside it.',
      'A forecast is an interval from the residuals of the trend. Its confidence follows from a back-test on days that were held back.',
      'Anomalies are days whose change lies many median absolute deviations from the usual one.',
      'Where there is too little history nothing is guessed, and it is said how much it takes.',
    ]),
    paragraph('Details and their sources are in docs/analysis.md and docs/report.md.'),
  ];
}
