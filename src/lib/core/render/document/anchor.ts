/**
 * An id as HTML, SVG and their references take it, and CSS after a `#`: what else it holds is spelled out, so that two ids never become
 * one.
 */
export function anchorOf(id: string): string {
  const safe = Array.from(id, (character) =>
    /[A-Za-z0-9-]/.test(character)
      ? character
      : `_${(character.codePointAt(0) ?? 0).toString(16)}_`,
  ).join('');
  return /^[A-Za-z]/.test(safe) ? safe : `_${safe}`;
}
