import { execFileSync } from 'node:child_process';

/** Runs a program of poppler on a PDF it reads from stdin. */
export function poppler(
  program: 'pdftotext' | 'pdfinfo' | 'pdffonts',
  pdf: Uint8Array,
  ...options: readonly string[]
): string {
  const output = program === 'pdftotext' ? ['-'] : [];
  return execFileSync(program, [...options, '-', ...output], { input: pdf, encoding: 'utf8' });
}

export const hasPoppler = (() => {
  try {
    execFileSync('pdftotext', ['-v'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();
