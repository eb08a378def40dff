/** A colour on paper, and what stands in its place on a dark screen. */
export interface ChartColour {
  readonly light: string;
  readonly dark: string;
}

/**
 * Every colour a chart may use, after Okabe and Ito: told apart with any kind of colour vision, lines with a contrast of at least 3:1
 * to what is behind them and texts of 4.5:1. None is the only sign of what it stands for.
 */
export const CHART_COLOURS = {
  ink: { light: '#1b1f24', dark: '#e6edf3' },
  muted: { light: '#57606a', dark: '#9da7b3' },
  axis: { light: '#7d8590', dark: '#7a838e' },
  grid: { light: '#dde2e8', dark: '#2d343d' },
  /** What is behind a chart; texts that cross a line have a rim of it. */
  surface: { light: '#ffffff', dark: '#161b22' },
  blue: { light: '#0072b2', dark: '#56b4e9' },
  vermilion: { light: '#b34700', dark: '#ff9a57' },
  green: { light: '#00664f', dark: '#45c99d' },
  purple: { light: '#9a3f7d', dark: '#dc94c8' },
  /** Pale areas, which have an outline of the colour they are named after. */
  paleVermilion: { light: '#fde0cc', dark: '#54301a' },
  palePurple: { light: '#f3dcec', dark: '#4b2a41' },
} as const satisfies Readonly<Record<string, ChartColour>>;

export type ChartColourName = keyof typeof CHART_COLOURS;
