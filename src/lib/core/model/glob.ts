/** Turns a glob with `*` and `?` into a test of whole names. */
export function globMatcher(glob: string): (name: string) => boolean {
  const pattern = [...glob]
    .map((char) => {
      if (char === '*') return '.*';
      if (char === '?') return '.';
      return char.replace(/[\\^$.|+()[\]{}]/u, '\\$&');
    })
    .join('');
  const expression = new RegExp(`^${pattern}$`, 'su');
  return (name) => expression.test(name);
}
