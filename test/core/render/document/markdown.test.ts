import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildDocument } from '../../../../src/lib/core/document/build-document.ts';
import { type FullReport } from '../../../../src/lib/core/model/full-report.ts';
import { renderDocumentMarkdown } from '../../../../src/lib/core/render/document/markdown.ts';
import { FULL_REPORTS, aFullReport } from '../../../support/full-report-builders.ts';
import { expectGolden } from '../../../support/golden.ts';
import { hostileText, UNSAFE } from '../../../support/hostile-text.ts';
import { aFinding, aReport } from '../../../support/report-builders.ts';

const OPTIONS = { sections: null, generator: 'truenas-monitor 0.0.0' } as const;

function render(full: FullReport): string {
  return renderDocumentMarkdown(buildDocument(full, OPTIONS));
}

describe('a report as Markdown', () => {
  it.each(Object.entries(FULL_REPORTS))('shows %s', (name, full) => {
    expectGolden(render(full), 'report-markdown', `${name}.md`);
  });

  it('lets no text from outside become markup or act on a terminal', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const { subject } = aFinding();
        const finding = aFinding({
          reason: text,
          subject: { ...subject, name: text },
          evidence: [{ check: 'no-client', result: 'unknown', detail: text }],
        });
        const shown = render(aFullReport({ report: aReport({ findings: [finding] }) }));
        expect(shown.replaceAll('\n', '')).not.toMatch(UNSAFE);
        expect(shown).not.toContain('<script');
      }),
      { numRuns: 50 },
    );
  });
});
