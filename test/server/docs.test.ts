import { type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { Chromium, hasChromium } from '../support/chromium.ts';
import { needsTool } from '../support/missing-tool.ts';
import { serveScans } from '../support/served.ts';

describe('GET /docs', () => {
  it('shows every route of the OpenAPI document, and lets nothing run or be loaded', async () => {
    await using served = await serveScans();
    const page = await served.server.inject('/docs');
    expect(page.headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-/,
    );
    expect(page.body).not.toMatch(/<script|<img|\son\w+=/);
    const openapi = await served.server.inject('/openapi.json');
    const { paths } = openapi.json<{ paths: Record<string, unknown> }>();
    for (const path of Object.keys(paths)) expect(page.body).toContain(`<code>${path}</code>`);
  });
});

describe(
  'the page in a browser',
  { ...needsTool('chromium', hasChromium), timeout: 60_000 },
  () => {
    it('is readable, asks for nothing but itself, and complains of nothing', async () => {
      await using served = await serveScans();
      await served.server.listen({ host: '127.0.0.1', port: 0 });
      const { port } = served.server.server.address() as AddressInfo; // it listens on TCP
      await using browser = new Chromium();
      const url = `http://127.0.0.1:${String(port)}/docs`;
      const page = await browser.open(url);
      expect(page.complaints).toEqual([]);
      expect(page.requests.filter((each) => !each.startsWith('data:'))).toEqual([url]);
      // Its style applies, whose hash the policy names.
      const nav = 'getComputedStyle(document.querySelector("nav")).paddingLeft';
      expect(await page.evaluate(nav)).toBe('16px');
      expect(await page.evaluate('document.querySelectorAll("article h3").length')).toBeGreaterThan(
        25,
      );
    });
  },
);
