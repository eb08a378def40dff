import { type FastifyInstance } from 'fastify';

/** The paths there are, and how each can be asked. */
export class KnownPaths {
  readonly #methods = new Map<string, Set<string>>();
  readonly #patterns = new Map<string, RegExp>();

  /** Notes every route that is registered from now on. */
  watch(server: FastifyInstance): void {
    server.addHook('onRoute', ({ path, method }) => {
      const known = this.#methods.get(path) ?? new Set();
      for (const each of [method].flat()) known.add(each);
      this.#methods.set(path, known);
      this.#patterns.set(path, patternOf(path));
    });
  }

  /** By which methods a path can be asked; empty where there is no such path. */
  methodsOf(url: string): readonly string[] {
    const [path = ''] = url.split(/[?#]/, 1);
    const plain = path.length > 1 ? path.replace(/\/$/, '') : path;
    const found = [...this.#patterns].filter(([, pattern]) => pattern.test(plain));
    return [...new Set(found.flatMap(([known]) => [...(this.#methods.get(known) ?? [])]))].sort();
  }
}

const SPECIAL = /[\\^$.|+()[\]{}*?]/gu;

/** A path with parameters as a test: whatever stands in the place of one goes up to the next slash. */
function patternOf(path: string): RegExp {
  const pattern = path
    .split('/')
    .map((part) => (part.startsWith(':') ? '[^/]+' : part.replace(SPECIAL, String.raw`\$&`)));
  return new RegExp(`^${pattern.join('/')}$`, 'u');
}
