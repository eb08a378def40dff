/*
 * What packages do that a program without files cannot: each replaced piece by piece, so that a version that does it otherwise
 * fails the build instead of the user.
 */

interface Patch {
  /** End of the path of the file. */
  readonly file: string;
  readonly why: string;
  readonly apply: (code: string) => string;
}

function replaceOnce(code: string, from: string, to: string): string {
  if (code.split(from).length !== 2) {
    throw new Error(`expected once, and it is not: ${JSON.stringify(from)}`);
  }
  return code.replace(from, () => to);
}

const replacing =
  (...pairs: readonly (readonly [from: string, to: string])[]) =>
  (code: string): string =>
    pairs.reduce((text, [from, to]) => replaceOnce(text, from, to), code);

const EMBEDDED = /"data:application\/octet-stream;base64,([A-Za-z0-9+/=]+)"/g;

/** Takes the compiled layout engine out of the string its loader would decode by itself, later. */
function exposeWasm(code: string): string {
  const found = [...code.matchAll(EMBEDDED)];
  const [base64] = found.map(([, text]) => text);
  if (found.length !== 1 || base64 === undefined) throw new Error('no one embedded module');
  return `${code.replace(base64, '')}\nexport const wasm = ${JSON.stringify(base64)};\n`;
}

const PATCHES: readonly Patch[] = [
  {
    file: '/yoga-layout/dist/binaries/yoga-wasm-base64-esm.js',
    why: 'the layout engine is needed before anything waits for it',
    apply: exposeWasm,
  },
  {
    file: '/yoga-layout/dist/src/index.js',
    why: 'a script cannot wait at its top level; the module is small enough to be compiled at once',
    apply: replacing(
      ['import loadYoga from', 'import loadYoga, { wasm } from'],
      [
        'const Yoga = wrapAssembly(await loadYoga());',
        `const yoga = {
  instantiateWasm(imports, receive) {
    const module = new WebAssembly.Module(Buffer.from(wasm, 'base64'));
    const instance = new WebAssembly.Instance(module, imports);
    receive(instance);
    return instance.exports;
  },
};
loadYoga(yoga);
const Yoga = wrapAssembly(yoga);`,
      ],
    ),
  },
  {
    file: '/vega-canvas/build/vega-canvas.node.js',
    why: 'charts are drawn without a canvas, and a script cannot wait for one at its top level',
    apply: replacing(["await import('canvas')", 'null']),
  },
  {
    file: '/ink/build/reconciler.js',
    why: 'the developer tools of ink are not part of the program',
    apply: replacing(
      ["import.meta.resolve('react-devtools-core');", "throw new Error('not bundled');"],
      ["await import('./devtools.js');", ''],
      ['await loadPackageJson();', '{};'],
      ["new URL('../package.json', import.meta.url)", "'package.json'"],
    ),
  },
  {
    file: '/@oclif/core/lib/config/ts-path.js',
    why: 'there are no sources to compile, and the compiler would come along',
    apply: () => 'exports.tsPath = async (root, target) => target;\n',
  },
  {
    file: '/@oclif/core/lib/module-loader.js',
    why: 'hooks are loaded from the program, not from a path',
    apply: () => `const load = async (plugin, target) => await plugin.loadModule(target);
exports.load = load;
exports.loadWithData = async (plugin, target) => ({
  filePath: target,
  isESM: false,
  module: await load(plugin, target),
});
exports.loadWithDataFromManifest = async ({ id }) => {
  throw new Error('command ' + id + ' is not part of the program');
};
exports.isPathModule = () => false;
`,
  },
  {
    file: '/@oclif/core/lib/cache.js',
    why: 'its own package.json is not there to be read',
    apply: replacing([
      "version: require('@oclif/core/package.json').version",
      "version: process.env['OCLIF_CORE_VERSION']",
    ]),
  },
  {
    file: '/@oclif/core/lib/index.js',
    why: 'the executable brings the Node it needs',
    apply: replacing(['\ncheckNodeVersion();', '\n']),
  },
];

/** A file of a package as the executable needs it; undefined where it can stay as it is. */
export function patch(id: string, code: string): string | undefined {
  const found = PATCHES.find(({ file }) => id.endsWith(file));
  if (found === undefined) return undefined;
  try {
    return found.apply(code);
  } catch (cause) {
    throw new Error(`${id} cannot be patched (${found.why})`, { cause });
  }
}

/** Patches of files that a build never came across: they are of another version, or not needed any more. */
export function unusedPatches(seen: ReadonlySet<string>): readonly string[] {
  return PATCHES.map(({ file }) => file).filter(
    (file) => ![...seen].some((id) => id.endsWith(file)),
  );
}
