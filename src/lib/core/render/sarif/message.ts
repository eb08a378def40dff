import { printable } from '../text/safe.ts';

/** What a reader would take for a link: `[text](target)`. */
const LINK = /\[(?=[^[\]]*\]\()/g;

/**
 * Text for a SARIF message: braces are doubled because single ones stand for arguments (3.11.5 of the standard), and
 * what looks like a link is none (3.11.6).
 */
export function messageOf(text: string): string {
  return printable(text).replace(/[{}]/g, '$&$&').replace(LINK, '\\[');
}
