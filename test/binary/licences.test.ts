import path from 'node:path';
import { expect, it } from 'vitest';
import { licensesOf, packagesOf } from '../../scripts/binary/packages.ts';

it('brings the licences of works that packages have inside', async () => {
  const modules = ['pdfmake/js/index.js', 'vega/build/vega.module.js'].map((file) =>
    path.join(import.meta.dirname, '../../node_modules', file),
  );
  const text = licensesOf(await packagesOf(modules), 'runtime');
  expect(text).toContain('The Roboto Project Authors');
  expect(text).toContain('SIL OPEN FONT LICENSE Version 1.1');
  expect(text).toContain('SVG-to-PDFKit, which is part of it');
  expect(text).toContain('vega 6.4.0 (BSD-3-Clause)');
});
