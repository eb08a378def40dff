import { CHART_COLOURS, type ChartColour } from './chart-colours.ts';

/** Colours of a page, by the names of their variables. */
export const PAGE_COLOURS = {
  bg: { light: '#f5f7f9', dark: '#0d1117' },
  surface: CHART_COLOURS.surface,
  line: { light: '#d5dbe2', dark: '#30363d' },
  ink: CHART_COLOURS.ink,
  muted: CHART_COLOURS.muted,
  accent: { light: '#005a9c', dark: '#79b8f5' },
  code: { light: '#eef1f4', dark: '#20262e' },
  good: { light: '#17643b', dark: '#6fd396' },
  'good-bg': { light: '#e1f2e7', dark: '#12301f' },
  warning: { light: '#854600', dark: '#f2b366' },
  'warning-bg': { light: '#fcefda', dark: '#38270f' },
  bad: { light: '#a3211a', dark: '#ff9a92' },
  'bad-bg': { light: '#fde7e5', dark: '#401a18' },
  neutral: { light: '#4a5460', dark: '#b3bdc8' },
  'neutral-bg': { light: '#e8ecf0', dark: '#262d36' },
} as const satisfies Readonly<Record<string, ChartColour>>;

type PageColour = keyof typeof PAGE_COLOURS;

/** What stands on what, and the contrast it needs: 4.5 for texts, 3 for what is only seen. */
export const CONTRASTS: readonly (readonly [on: PageColour, of: PageColour, least: number])[] = [
  ...(['bg', 'surface'] as const).flatMap((on) => [
    ...(['ink', 'muted', 'accent', 'good', 'warning', 'bad', 'neutral'] as const).map(
      (of) => [on, of, 4.5] as const,
    ),
  ]),
  ...(['ink', 'muted', 'accent'] as const).map((of) => ['code', of, 4.5] as const),
  ...(['good', 'warning', 'bad', 'neutral'] as const).flatMap((tone) => [
    [`${tone}-bg`, tone, 4.5] as const,
    [`${tone}-bg`, 'ink', 4.5] as const,
  ]),
];
