import { buildDocument } from '../core/document/build-document.ts';
import { type DocumentModel } from '../core/model/document.ts';
import { type FullReport } from '../core/model/full-report.ts';
import { CHART_WIDTH } from '../core/render/document/chart-width.ts';
import { type DocumentFormat, extensionOf } from '../core/render/document/formats.ts';
import { renderDocumentMarkdown } from '../core/render/document/markdown.ts';
import { toJson } from '../core/render/json.ts';
import { fullReportToWire } from '../core/render/wire/full-report.ts';
import { toYaml } from '../core/render/yaml.ts';
import { type Memory } from '../ports/memory.ts';
import { type Content } from './replace-files.ts';
import { type ReportFlags } from './report-flags.ts';

/** What is written, and how its file is called where it has to have a name of its own. */
export interface Rendered {
  readonly name: string;
  readonly content: Content;
}

const NAME = 'truenas-monitor-report';

/** A report in every format that was asked for, all of it before anything is written. */
export async function renderDocuments(
  full: FullReport,
  asked: Pick<ReportFlags, 'target' | 'sections' | 'paper'>,
  version: string,
  memory: Memory,
): Promise<readonly Rendered[]> {
  const document = buildDocument(full, {
    sections: asked.sections,
    generator: `truenas-monitor ${version}`,
  });
  const pictures = await picturesFor(document, asked.target.formats);
  const rendered: Rendered[] = [];
  for (const format of asked.target.formats) {
    // What one format was made by is in the way of the next.
    memory.release();
    rendered.push(...(await renderAs(format, { full, document, pictures, asked })));
  }
  return rendered;
}

type Pictures = ReadonlyMap<string, string>;

interface Ingredients {
  readonly full: FullReport;
  readonly document: DocumentModel;
  readonly pictures: Pictures;
  readonly asked: Pick<ReportFlags, 'target' | 'paper'>;
}

/** The charts of a document; nobody draws them for formats without pictures. */
async function picturesFor(
  { sections }: DocumentModel,
  formats: readonly DocumentFormat[],
): Promise<Pictures> {
  const pictures = new Map<string, string>();
  if (!formats.includes('html') && !formats.includes('pdf')) return pictures;
  const { vegaCharts } = await import('../adapters/charts/vega.ts');
  const renderer = vegaCharts();
  for (const block of sections.flatMap(({ blocks }) => blocks)) {
    if (block.kind !== 'chart') continue;
    pictures.set(block.chart.id, await renderer.svg(block.chart, CHART_WIDTH));
  }
  return pictures;
}

async function renderAs(
  format: DocumentFormat,
  { full, document, pictures, asked }: Ingredients,
): Promise<readonly Rendered[]> {
  const one = (content: Content): readonly Rendered[] => [
    { name: `${NAME}.${extensionOf(format)}`, content },
  ];
  switch (format) {
    case 'html': {
      const { renderHtml } = await import('../core/render/document/html/page.ts');
      return one(renderHtml(document, pictures));
    }
    case 'pdf': {
      const { pdfPrinter } = await import('../adapters/pdf/pdfmake.ts');
      return one(await pdfPrinter().pdf(document, pictures, asked.paper));
    }
    case 'markdown':
      return one(renderDocumentMarkdown(document));
    case 'json':
      return one(toJson(fullReportToWire(full)));
    case 'yaml':
      return one(toYaml(fullReportToWire(full)));
    case 'csv':
      return asked.target.tables.map(({ name, render }) => ({
        name: `${NAME}-${name}.csv`,
        content: render(full),
      }));
  }
}
