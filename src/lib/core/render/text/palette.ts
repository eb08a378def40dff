import { type Severity } from '../../model/finding.ts';

/** Dresses text for a terminal without changing what it says. */
export type Style = (text: string) => string;

/** Colours by meaning. Nothing is ever told by colour alone. */
export interface Palette {
  readonly severity: Readonly<Record<Severity, Style>>;
  readonly heading: Style;
  /** What the reader must not miss, such as an incomplete scan. */
  readonly warning: Style;
  readonly good: Style;
  /** What matters less than the rest of its line. */
  readonly dim: Style;
}

const plain: Style = (text) => text;

export const plainPalette: Palette = {
  severity: { critical: plain, high: plain, medium: plain, low: plain, info: plain },
  heading: plain,
  warning: plain,
  good: plain,
  dim: plain,
};
