import { type Chart } from '../core/model/chart.ts';

/** Draws charts without a browser. */
export interface ChartRenderer {
  /**
   * One standalone `<svg>` element: presentation attributes only, no style, script or reference to anything outside, the same text for
   * the same chart.
   *
   * @param width in CSS pixels
   */
  svg(chart: Chart, width: number): Promise<string>;
}
