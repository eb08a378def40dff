/** Replaces what stands between two marks; undefined where the text does not hold them. */
export function replaceMarked(text: string, mark: string, content: string): string | undefined {
  const opening = `<!-- ${mark}: written by npm run generate -->`;
  const closing = `<!-- /${mark} -->`;
  const start = text.indexOf(opening);
  const end = text.indexOf(closing, start);
  if (start === -1 || end === -1) return undefined;
  return `${text.slice(0, start)}${marked(mark, content)}${text.slice(end + closing.length)}`;
}

/** The content between its marks. */
export function marked(mark: string, content: string): string {
  return `<!-- ${mark}: written by npm run generate -->\n${content.trim()}\n<!-- /${mark} -->`;
}
