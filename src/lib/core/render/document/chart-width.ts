/** CSS pixels a chart of a document is drawn for: its texts are read well on a screen, and on paper between its margins. */
export const CHART_WIDTH = 720;
