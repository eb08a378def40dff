import { type SkippedRule } from '../../model/report.ts';
import { sourceLabel } from '../text/labels.ts';
import { homeOf } from './gaps.ts';

/** Nothing to look at there: nothing is missing. */
export function isNotApplicable(skipped: SkippedRule): boolean {
  return skipped.because.every(({ coverage }) => coverage.state === 'not_applicable');
}

/** For want of what a rule was skipped, each once and not yet printable. */
export function skippedTexts({ because }: SkippedRule): string[] {
  return because.map((source) => {
    const home = homeOf(source);
    const what = `${home === '' ? '' : `${home}: `}${sourceLabel(source.name)}`;
    return source.coverage.state === 'complete'
      ? what
      : `${what} ${source.coverage.state}: ${source.coverage.reason}`;
  });
}
