import { describe, expect, it } from 'vitest';
import { renderMarkdown } from '../../../src/lib/core/render/markdown.ts';
import {
  markdownCode,
  markdownProse,
  markdownText,
} from '../../../src/lib/core/render/markdown/escape.ts';
import { aFinding, aPvFinding, aReport, REPORTS } from '../../support/report-builders.ts';

describe('markdown', () => {
  it('lists findings in a table, worst first, with one cell for each column', () => {
    const rows = renderMarkdown(aReport({ findings: [aPvFinding(), aFinding()] }))
      .split('\n')
      .filter((line) => line.startsWith('| '));
    expect(rows).toHaveLength(4);
    for (const row of rows) expect(row.split(' | ')).toHaveLength(7);
    expect(rows[2]).toContain('**critical**');
    expect(rows[3]).toContain('**high**');
  });

  it('opens and closes as many details', () => {
    for (const report of Object.values(REPORTS)) {
      const text = renderMarkdown(report);
      expect(text.split('<details>')).toHaveLength(text.split('</details>').length);
    }
  });

  it('shows the command of this tool that carries a remedy out, where there is one', () => {
    const command = 'truenas-monitor cleanup plan --finding 0123456789abcdef';
    const finding = aFinding({ remedy: { ...aFinding().remedy, command } });
    expect(renderMarkdown(aReport({ findings: [finding] }))).toContain(
      `With this tool: ${markdownCode(command)}`,
    );
    expect(renderMarkdown(aReport({ findings: [aFinding()] }))).not.toContain('With this tool');
  });

  it('says first whether the scan was whole', () => {
    const text = renderMarkdown(REPORTS['nothing-read'] ?? aReport());
    expect(text).toContain('This is no clean bill');
    expect(text).toContain('**INCOMPLETE**');
    expect(text.indexOf('INCOMPLETE')).toBeLessThan(text.indexOf('refused the connection'));
  });

  it('stays below what GitHub takes, and says how much is left out', () => {
    const findings = Array.from({ length: 8_000 }, (_, index) =>
      aFinding({
        reason: `\u{1f600} number ${String(index)} of many`,
        rule: index % 2 === 0 ? 'pv-failed' : 'pv-released',
      }),
    );
    const text = renderMarkdown(aReport({ findings }));
    const size = Buffer.byteLength(text);
    expect(size).toBeGreaterThan(900_000);
    expect(size).toBeLessThan(1_000_000);
    expect(text).toContain('number 0 of many');
    const rows = text.split('\n').filter((line) => line.startsWith('| ')).length - 2;
    expect(text).toContain(
      `**${(8_000 - rows).toLocaleString('en')} findings left out for want of room**; \`-o json\` has all of it.`,
    );
    expect(text.split('<details>')).toHaveLength(text.split('</details>').length);
  });

  it('is short where there is nothing to say', () => {
    expect(renderMarkdown(aReport()).split('\n')).toEqual([
      '## Orphaned storage',
      '',
      'No findings: nothing that was looked at is orphaned.  ',
      '',
      'Scanned 1 cluster and 1 TrueNAS system in 840 ms (2026-11-22 01:02:03 UTC)',
      '',
      '- cluster prod Kubernetes v1.35.2, 42 persistent volumes, 40 persistent volume claims, 12 volume snapshots',
      '- system nas1 TrueNAS 25.10.1 at nas1.example over jsonrpc, pools tank and flash, 57 datasets, 1,234 ZFS snapshots, 1 NFS share',
      '',
    ]);
  });
});

describe('text in markdown', () => {
  it.each([
    ['<script>alert(1)</script>', '&#60;script&#62;alert(1)&#60;/script&#62;'],
    ['[a](http://b) ![c](d)', '&#91;a&#93;(http&#58;//b) !&#91;c&#93;(d)'],
    ['a | b', 'a &#124; b'],
    ['`code` *b* _i_ ~s~', '&#96;code&#96; &#42;b&#42; &#95;i&#95; &#126;s&#126;'],
    ['&lt; \\', '&#38;lt; &#92;'],
    ['www.evil.example', 'www&#46;evil.example'],
    ['- item', '&#45; item'],
    ['1. item', '1&#46; item'],
    ['# heading', '&#35; heading'],
    ['@somebody', '&#64;<!-- -->somebody'],
    ['a\nb\u202e', 'a&#92;nb&#92;u202e'],
  ])('%j is nothing but text', (text, expected) => {
    expect(markdownText(text)).toBe(expected);
  });

  it('mentions nobody in a name', () => {
    expect(markdownCode('tank/a@b')).toBe('<code>tank/a@b</code>');
  });

  it('shows as code what is to be typed, and keeps a lone backquote', () => {
    expect(markdownProse('Run `kubectl get <x>` now.')).toBe(
      'Run <code>kubectl get &#60;x&#62;</code> now.',
    );
    expect(markdownProse('a ` b')).toBe('a &#96; b');
  });

  it('begins no block of code with blanks', () => {
    expect(markdownProse('     x `y` ')).toBe('x <code>y</code>');
  });
});
