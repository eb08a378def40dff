import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHART_COLOURS } from '../../../../src/lib/core/render/document/chart-colours.ts';
import { renderHtml } from '../../../../src/lib/core/render/document/html/page.ts';
import { CONTRASTS, PAGE_COLOURS } from '../../../../src/lib/core/render/document/page-colours.ts';
import {
  aCard,
  aCell,
  aTable,
  hostileDocument,
  sampleDocument,
} from '../../../support/document-builders.ts';
import { expectGolden } from '../../../support/golden.ts';
import { hostileText, UNSAFE } from '../../../support/hostile-text.ts';
import { picturesOf } from '../../../support/sample-charts.ts';

const NONE = new Map<string, string>();

async function pages(): Promise<readonly string[]> {
  return await Promise.all(
    [sampleDocument, hostileDocument].map(async (document) =>
      renderHtml(document, await picturesOf(document)),
    ),
  );
}

function between(page: string, tag: string): readonly string[] {
  return [...page.matchAll(new RegExp(`<${tag}>(.*?)</${tag}>`, 'gs'))].map(
    ([, text]) => text ?? '',
  );
}

/** The page without its one style and script. */
function bodyOf(page: string): string {
  return page.replace(/<(style|script)>.*?<\/\1>/gs, '');
}

describe('renderHtml', () => {
  it('makes the page as it should look', () => {
    expectGolden(renderHtml(sampleDocument, NONE), 'document', 'sample.html');
  });

  it('names the hashes of its one style and its one script in its policy', async () => {
    for (const page of await pages()) {
      for (const tag of ['style', 'script']) {
        const [text = '', ...more] = between(page, tag);
        expect(more).toEqual([]);
        const hash = createHash('sha256').update(text).digest('base64');
        expect(page).toContain(`${tag}-src 'sha256-${hash}'`);
      }
      expect(page).toContain("default-src 'none'");
    }
  });

  it('has no style or script in an attribute, and no address but names', async () => {
    for (const page of await pages()) {
      const body = bodyOf(page);
      const tags = body.match(/<[a-z][^>]*>/gi) ?? [];
      expect(
        tags.filter((tag) => / style=| on[a-z]+=|javascript:/i.test(tag.replace(/"[^"]*"/g, '""'))),
      ).toEqual([]);
      expect(
        tags.filter((tag) => /^<(?:script|iframe|img|object|embed|base|form)/i.test(tag)),
      ).toEqual([]);
      const addresses = tags.flatMap((tag) => tag.match(/(?:href|src)="[^"]*"/g) ?? []);
      expect(addresses.filter((each) => !/^href="(?:#|data:,)/.test(each))).toEqual([]);
      expect(page).not.toMatch(/url\(|@import/);
    }
  });

  it('is the same page for the same document', async () => {
    expect(await pages()).toEqual(await pages());
  });

  it('has distinct ids, and every link and label leads to one', async () => {
    for (const page of await pages()) {
      const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
      expect(new Set(ids).size).toBe(ids.length);
      const named = [...page.matchAll(/(?:href="#|aria-labelledby=")([^"]*)"/g)].flatMap(
        ([, list = '']) => list.split(' '),
      );
      expect(named.filter((id) => !ids.includes(id))).toEqual([]);
    }
  });

  it('skips no level of its headings', () => {
    const levels = [...renderHtml(sampleDocument, NONE).matchAll(/<h([1-6])[ >]/g)].map(
      ([, level]) => Number(level),
    );
    expect(levels[0]).toBe(1);
    for (const [index, level] of levels.slice(1).entries()) {
      expect(level - (levels[index] ?? 0)).toBeLessThanOrEqual(1);
    }
  });

  it('shows any text without letting it act', () => {
    const pageOf = (text: string): string =>
      renderHtml(
        {
          ...sampleDocument,
          title: text,
          sections: [
            {
              id: 'findings',
              title: text,
              blocks: [
                aCard({ id: `card ${text}`, title: text, command: text }),
                aTable({ id: text, caption: text, rows: [[aCell(text, { sort: text })]] }),
              ],
            },
          ],
        },
        NONE,
      );
    const tagsOf = (page: string): string =>
      (bodyOf(page).match(/<[^>]*>/g) ?? []).join('').replace(/"[^"]*"/g, '""');
    const plain = tagsOf(pageOf('plain'));
    fc.assert(
      fc.property(hostileText, (text) => {
        const page = pageOf(text);
        expect(tagsOf(page)).toBe(plain);
        expect(page.replace(/[\n\t]/g, '').match(UNSAFE)).toBeNull();
      }),
    );
  });

  it('says the words of a chart that has no picture', () => {
    expect(renderHtml(sampleDocument, NONE)).toContain('no picture was made of it');
  });

  it('puts no word for its tone beside a text that is one', () => {
    const blocks = [
      aTable({ rows: [[aCell('high', { tone: 'bad' }), aCell('97 %', { tone: 'warning' })]] }),
    ];
    const page = renderHtml(
      { ...sampleDocument, sections: [{ id: 'findings', title: 'Findings', blocks }] },
      NONE,
    );
    expect(page).toContain('<span class="toned bad">high</span></th>');
    expect(page).toContain('97 %</span><span class="tag warning">Attention</span>');
  });

  it('says how many rows were left out, and that none are where there are none', () => {
    const page = renderHtml(sampleDocument, NONE);
    expect(page).toContain('9,940 more rows left out for length');
    expect(page).toContain('<td colspan="5" class="none">none</td>');
  });
});

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

describe.each(['light', 'dark'] as const)('colours on a %s screen', (scheme) => {
  it.each(CONTRASTS)('has the contrast on %s that %s needs', (on, of, least) => {
    expect(contrast(PAGE_COLOURS[on][scheme], PAGE_COLOURS[of][scheme])).toBeGreaterThanOrEqual(
      least,
    );
  });

  it.each(['ink', 'muted', 'vermilion'] as const)('lets texts of charts in %s be read', (name) => {
    expect(
      contrast(CHART_COLOURS[name][scheme], CHART_COLOURS.surface[scheme]),
    ).toBeGreaterThanOrEqual(4.5);
  });

  it.each(['blue', 'vermilion', 'green', 'purple', 'axis'] as const)(
    'lets lines of charts in %s be seen',
    (name) => {
      expect(
        contrast(CHART_COLOURS[name][scheme], CHART_COLOURS.surface[scheme]),
      ).toBeGreaterThanOrEqual(3);
    },
  );
});
