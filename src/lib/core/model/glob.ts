const SPECIAL = /[\\^$.|+()[\]{}*?]/gu;

/** Turns a glob with `*` and `?` into a test of whole names. */
export function globMatcher(glob: string): (name: string) => boolean {
  const pattern = glob.replace(SPECIAL, (char) => {
    if (char === '*') return '.*';
    return char === '?' ? '.' : `\\${char}`;
  });
  const expression = new RegExp(`^${pattern}$`, 'su');
  return (name) => expression.test(name);
}
