import { type Chart } from '../../core/model/chart.ts';
import { anchorOf } from '../../core/render/document/anchor.ts';
import { xmlText } from '../../core/render/junit/xml.ts';
import { type ChartRenderer } from '../../ports/chart-renderer.ts';
import { drawBars } from './bars.ts';
import { type Drawing, specOf } from './frame.ts';
import { drawTime } from './time.ts';

function refuse(): Promise<never> {
  return Promise.reject(new Error('a chart holds all it needs'));
}

/** Of the functions a loader has, each refuses: nothing in a chart may be fetched from anywhere. */
const NO_LOADER = { load: refuse, sanitize: refuse, http: refuse, file: refuse };

function draw(chart: Chart, width: number): Drawing {
  return chart.kind === 'time' ? drawTime(chart, width) : drawBars(chart, width);
}

/** The picture of a chart between its own opening tag and its end, with the text that stands for it. */
function framed(svg: string, { id, title, description }: Chart, { frame }: Drawing): string {
  const inner = /^<svg[^>]*>(.*)<\/svg>$/s.exec(svg)?.[1];
  if (inner === undefined) throw new Error(`no picture was made of the chart ${id}`);
  const anchor = anchorOf(id);
  const size = `width="${String(frame.width)}" height="${String(frame.height)}" viewBox="0 0 ${String(frame.width)} ${String(frame.height)}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" aria-labelledby="${anchor}-title ${anchor}-desc">`,
    `<title id="${anchor}-title">${xmlText(title)}</title>`,
    `<desc id="${anchor}-desc">${xmlText(description)}</desc>`,
    `${inner}</svg>`,
  ].join('');
}

/** Charts as SVG, drawn by Vega, which is loaded with the first of them. */
export function vegaCharts(): ChartRenderer {
  return {
    async svg(chart, width) {
      const { Error: level, parse, View } = await import('vega');
      const drawing = draw(chart, width);
      const view = new View(parse(specOf(drawing)), {
        renderer: 'none',
        loader: NO_LOADER,
        logLevel: level,
      });
      try {
        return framed(await view.toSVG(), chart, drawing);
      } finally {
        view.finalize();
      }
    },
  };
}
