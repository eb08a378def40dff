import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderHtml } from '../../../../src/lib/core/render/document/html/page.ts';
import { Chromium, hasChromium } from '../../../support/chromium.ts';
import { hostileDocument, sampleDocument } from '../../../support/document-builders.ts';
import { needsTool } from '../../../support/missing-tool.ts';
import { picturesOf } from '../../../support/sample-charts.ts';

describe('a page in a browser', { ...needsTool('chromium', hasChromium), timeout: 60_000 }, () => {
  let browser: Chromium;
  let folder: string;

  beforeAll(() => {
    browser = new Chromium();
    folder = mkdtempSync(path.join(tmpdir(), 'truenas-monitor-page-'));
  });
  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  function fileOf(name: string, page: string): string {
    const file = path.join(folder, `${name}.html`);
    writeFileSync(file, page);
    return pathToFileURL(file).href;
  }

  it.each([
    ['sample', sampleDocument],
    ['hostile', hostileDocument],
  ])('opens the %s document without a complaint or a request', async (name, document) => {
    const url = fileOf(name, renderHtml(document, await picturesOf(document)));
    const page = await browser.open(url);
    expect(await page.evaluate('document.querySelectorAll("th button").length')).toBeGreaterThan(0);
    expect(page.complaints).toEqual([]);
    expect(page.requests.filter((each) => each !== 'data:,')).toEqual([url]);
  });

  it('would notice a page that breaks its own policy', async () => {
    const page = renderHtml(sampleDocument, new Map()).replace(
      '<main ',
      '<main style="color:red" ',
    );
    const { complaints } = await browser.open(fileOf('broken', page));
    expect(complaints.join()).toContain('Content Security Policy');
  });

  it.each([
    ['sample', sampleDocument],
    ['hostile', hostileDocument],
  ])('does not scroll the %s document sideways on the smallest phone', async (name, document) => {
    const page = await browser.open(fileOf(name, renderHtml(document, await picturesOf(document))));
    const metrics = { width: 320, height: 640, deviceScaleFactor: 1, mobile: false };
    await page.send('Emulation.setDeviceMetricsOverride', metrics);
    const [content, view] = ['scrollWidth', 'clientWidth'].map(
      async (name) => await page.evaluate(`document.documentElement.${name}`),
    );
    expect(await content).toBe(await view);
  });

  it('sorts a table by a column, by what its cells stand for, and back', async () => {
    const page = await browser.open(fileOf('sorted', renderHtml(sampleDocument, new Map())));
    const press = 'document.querySelectorAll("#table-top-volumes th button")[2].click()';
    const first = 'document.querySelector("#table-top-volumes tbody tr").cells[2].textContent';
    const state = 'document.querySelectorAll("#table-top-volumes thead th")[2].ariaSort';
    expect(await page.evaluate(first)).toBe('4.1 TiB');
    await page.evaluate(press);
    expect([await page.evaluate(first), await page.evaluate(state)]).toEqual([
      '70 GiB',
      'ascending',
    ]);
    await page.evaluate(press);
    expect([await page.evaluate(first), await page.evaluate(state)]).toEqual([
      '4.1 TiB',
      'descending',
    ]);
  });

  it('folds evidence on a screen, and shows it on paper', async () => {
    const page = await browser.open(fileOf('folded', renderHtml(sampleDocument, new Map())));
    const seen = 'document.querySelector("details ul").checkVisibility()';
    expect(await page.evaluate(seen)).toBe(false);
    await page.send('Emulation.setEmulatedMedia', { media: 'print' });
    expect(await page.evaluate(seen)).toBe(true);
  });

  it('changes the colours of its charts on a dark screen, and not on paper', async () => {
    const pictures = await picturesOf(sampleDocument);
    const page = await browser.open(fileOf('dark', renderHtml(sampleDocument, pictures)));
    const line = 'getComputedStyle(document.querySelector(`svg [stroke="#0072b2"]`)).stroke';
    const dark = [{ name: 'prefers-color-scheme', value: 'dark' }];
    expect(await page.evaluate(line)).toBe('rgb(0, 114, 178)');
    await page.send('Emulation.setEmulatedMedia', { features: dark });
    expect(await page.evaluate(line)).toBe('rgb(86, 180, 233)');
    await page.send('Emulation.setEmulatedMedia', { media: 'print', features: dark });
    expect(await page.evaluate(line)).toBe('rgb(0, 114, 178)');
  });
});
