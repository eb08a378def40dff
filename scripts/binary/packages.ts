import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** A package of which something is in the executable. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** SPDX expression, as the package says it. */
  readonly license: string | undefined;
  /** Text of the licence, which goes with every copy; undefined where the package brings none. */
  readonly licenseText: string | undefined;
}

const PACKAGE = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

const LICENSE_FILE = /^(?:licen[cs]e|copying)(?:[.-].*)?$/i;

/** Works of others inside of a package, whose licences its own says nothing of: who, and where the text is. */
const INSIDE: Readonly<Record<string, readonly (readonly [work: string, file: string])[]>> = {
  pdfmake: [
    ['Roboto', path.join(import.meta.dirname, 'licences/Roboto.txt')],
    ['SVG-to-PDFKit', 'src/3rd-party/svg-to-pdfkit/LICENSE'],
  ],
};

async function licenseTextIn(folder: string, name: string): Promise<string | undefined> {
  const file = (await readdir(folder)).find((each) => LICENSE_FILE.test(each));
  if (file === undefined) return undefined;
  const own = await readFile(path.join(folder, file), 'utf8');
  const inside = (INSIDE[name] ?? []).map(
    async ([work, text]) =>
      `${work}, which is part of it:\n\n${(await readFile(path.resolve(folder, text), 'utf8')).trim()}`,
  );
  return [own.trim(), ...(await Promise.all(inside))].join('\n\n');
}

async function readPackage(folder: string): Promise<BundledPackage> {
  const text = await readFile(path.join(folder, 'package.json'), 'utf8');
  const { name, version, license } = JSON.parse(text) as Record<string, unknown>;
  if (!isText(name) || !isText(version)) throw new Error(`${folder}: no package of that name`);
  const licenseText = await licenseTextIn(folder, name);
  return { name, version, license: isText(license) ? license : undefined, licenseText };
}

/** @param modules paths of the files a bundle was made of */
export async function packagesOf(modules: Iterable<string>): Promise<readonly BundledPackage[]> {
  const folders = new Set<string>();
  for (const id of modules) {
    const [folder] = PACKAGE.exec(id) ?? [];
    if (folder !== undefined) folders.add(folder);
  }
  const found = await Promise.all([...folders].map(readPackage));
  // npm may install one package in several places.
  const distinct = new Map(found.map((each) => [`${each.name}@${each.version}`, each]));
  return [...distinct.values()].sort((a, b) =>
    `${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1,
  );
}

/** The licences of everything that is in the executable beside the program itself, one below the other. */
export function licensesOf(packages: readonly BundledPackage[], runtime: string): string {
  const parts = packages.map(
    ({ name, version, license, licenseText }) =>
      `${name} ${version} (${license ?? 'see below'})\n\n${licenseText?.trim() ?? 'The package brings no text of its licence.'}\n`,
  );
  return [`Node.js\n\n${runtime.trim()}\n`, ...parts].join(`\n${'-'.repeat(80)}\n\n`);
}
