import { type Chart } from '../../../model/chart.ts';
import { anchorOf } from '../anchor.ts';
import { html } from './markup.ts';

/** A picture and what it shows in words, for everyone. Without a picture the words are left. */
export function chart({ id, title, description }: Chart, picture: string | undefined): string {
  const anchor = anchorOf(id);
  const seen =
    picture === undefined
      ? `<p><strong>${html(title)}</strong> (no picture was made of it)</p>`
      : `<div class="scroll" role="group" tabindex="0" aria-labelledby="${anchor}-caption">${picture}</div>`;
  return `<figure class="chart" id="${anchor}">\n${seen}\n<figcaption id="${anchor}-caption">${html(description)}</figcaption>\n</figure>`;
}
