/** What the flags typed so far lead to, as far as they are complete. */
export interface TypedTarget {
  readonly config: string | null;
  readonly kubeconfig: string | null;
  readonly contexts: readonly string[];
  readonly url: string | null;
  readonly demo: boolean;
  readonly demoSize: string | null;
  readonly demoState: string | null;
}

function valuesOf(name: string, words: readonly string[]): readonly string[] {
  return words.flatMap((word, at) => {
    if (word.startsWith(`--${name}=`)) return [word.slice(name.length + 3)];
    return word === `--${name}` ? (words[at + 1] ?? []) : [];
  });
}

/** Reads the flags that say what is scanned. */
export function parseKeptTarget(words: readonly string[]): TypedTarget {
  const last = (name: string): string | null => valuesOf(name, words).at(-1) ?? null;
  return {
    config: last('config'),
    kubeconfig: last('kubeconfig'),
    contexts: valuesOf('context', words).filter((each) => each !== ''),
    url: last('url'),
    demo: words.includes('--demo'),
    demoSize: last('demo-size'),
    demoState: last('demo-state'),
  };
}
