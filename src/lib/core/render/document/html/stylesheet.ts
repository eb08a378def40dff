import { LAYOUT } from './layout.ts';
import { chartRules, variables } from './palette.ts';
import { PRINT } from './print.ts';

/** The one stylesheet of a page. Dark is for screens only: paper is white. */
export const STYLESHEET = `:root {
color-scheme: light;
${variables('light')}
}
@media screen and (prefers-color-scheme: dark) {
:root {
color-scheme: dark;
${variables('dark')}
}
}
${LAYOUT}${chartRules()}
${PRINT}`;
