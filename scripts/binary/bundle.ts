import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { type OutputChunk, type Plugin, rolldown } from 'rolldown';
import { type BundledPackage, packagesOf } from './packages.ts';
import { patch, unusedPatches } from './patches.ts';
import { programModule, readProgram } from './program.ts';

/**
 * Packages that get a chunk of their own, so that a command pays for none that it does not use. What two of them share goes to the
 * first, so the ones that most commands need come first.
 */
const PACKAGES: readonly (readonly string[])[] = [
  ['@oclif/core'],
  ['yaml'],
  ['undici'],
  ['ws'],
  ['zod'],
  ['chalk'],
  ['string-width'],
  // Before the client of Kubernetes, which brings it too: what checks tokens of an issuer does without that.
  ['jose'],
  // What the client shares with fastify, which does without the rest of it.
  ['ip-address', 'end-of-stream', 'once', 'pump', 'wrappy'],
  ['@kubernetes/client-node'],
  ['ink', 'react', 'react-reconciler', 'yoga-layout'],
  ['vega', 'vega-[^/]+', 'd3-[^/]+', 'internmap', 'topojson-client'],
  // Before fastify, which brings it too: messages are needed before anything is served.
  ['pino'],
  ['fastify', '@fastify/[^/]+', 'fastify-type-provider-zod'],
  ['prom-client'],
  ['lru-cache'],
  ['cockatiel'],
  ['pdfmake', 'pdfkit', 'fontkit', 'linebreak', 'restructure', 'sax', 'unicode-[^/]+', 'xmldoc'],
];

function groupOf(names: readonly string[], at: number) {
  const [name = ''] = names;
  return {
    name: name.replaceAll(/[@/]+/g, '-').replace(/^-/, ''),
    test: new RegExp(`/node_modules/(?:${names.join('|')})/`),
    priority: PACKAGES.length - at,
  };
}

const PROGRAM = 'virtual:program';

function programPlugin(text: string): Plugin {
  return {
    name: 'program',
    resolveId: (id) => (id === PROGRAM ? id : null),
    load: (id) => (id === PROGRAM ? text : null),
  };
}

/** Modules that start from files, and what takes their places where there are none. */
const WITHOUT_FILES: Readonly<Record<string, string>> = {
  'src/lib/cli/serve/start-thread.ts': 'bin/binary/start-thread.ts',
};

function withoutFilesPlugin(root: string): Plugin {
  const instead = new Map(
    Object.entries(WITHOUT_FILES).map((pair) => {
      const [from, to] = pair.map((each) => path.join(root, each));
      return [from, to];
    }),
  );
  return {
    name: 'without-files',
    resolveId(id, importer) {
      if (importer === undefined || !id.startsWith('.')) return null;
      return instead.get(path.join(path.dirname(importer), id)) ?? null;
    },
  };
}

function patchPlugin(seen: Set<string>): Plugin {
  return {
    name: 'patches',
    transform(code, id) {
      const patched = patch(id, code);
      if (patched === undefined) return null;
      seen.add(id);
      return { code: patched };
    },
  };
}

/** Characters outside ASCII as escapes, so that a chunk can be read without decoding it. They stand in texts and patterns only. */
function toAscii(code: string): string {
  return code.replace(/[^\u0000-\u007f]/g, (unit) => {
    return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

function asciiPlugin(): Plugin {
  return {
    name: 'ascii',
    generateBundle(_options, output) {
      for (const each of Object.values(output)) {
        if (each.type === 'chunk') each.code = toAscii(each.code);
      }
    },
  };
}

/** What was bundled. */
interface Bundle {
  readonly chunks: readonly OutputChunk[];
  readonly packages: readonly BundledPackage[];
  readonly version: string;
}

/** Writes the program as chunks to a folder. */
export async function bundle(root: string, folder: string): Promise<Bundle> {
  const oclif = JSON.parse(
    await readFile(path.join(root, 'node_modules/@oclif/core/package.json'), 'utf8'),
  ) as { version: string };
  const program = await readProgram(root);
  const patched = new Set<string>();
  const build = await rolldown({
    input: {
      cli: path.join(root, 'bin/binary/cli.ts'),
      'engine-thread': path.join(root, 'src/lib/cli/serve/engine-thread.ts'),
    },
    external: ['program:threads'],
    cwd: root,
    platform: 'node',
    // An import of types alone leaves an empty one behind, and none of our modules does anything by being loaded.
    treeshake: { moduleSideEffects: [{ test: /\/src\//, sideEffects: false }] },
    transform: {
      define: {
        'process.env.NODE_ENV': '"production"',
        'process.env.DEV': '"false"',
        'process.env.OCLIF_CORE_VERSION': JSON.stringify(oclif.version),
      },
    },
    onLog: (level, log, report) => {
      // A warning is a promise the bundle may not keep.
      report(level === 'warn' ? 'error' : level, log);
    },
    plugins: [
      programPlugin(programModule(program)),
      withoutFilesPlugin(root),
      patchPlugin(patched),
      asciiPlugin(),
    ],
  });
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const { output } = await build.write({
    dir: folder,
    format: 'cjs',
    entryFileNames: '[name].js',
    chunkFileNames: '[name].js',
    dynamicImportInCjs: false,
    minify: { compress: true, mangle: false, codegen: true },
    comments: false,
    codeSplitting: { groups: PACKAGES.map(groupOf) },
  });
  await build.close();
  const unused = unusedPatches(patched);
  if (unused.length > 0)
    throw new Error(`patches of files that are not there: ${unused.join(', ')}`);
  const chunks = output.filter((each) => each.type === 'chunk');
  const packages = await packagesOf(chunks.flatMap(({ moduleIds }) => moduleIds));
  return { chunks, packages, version: program.version };
}
