import { Enums, Models, Serialize, Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { type BundledPackage } from './packages.ts';

interface Ingredients {
  readonly version: string;
  readonly platform: string;
  /** Version of the Node the executable is made from. */
  readonly node: string;
  readonly packages: readonly BundledPackage[];
}

function licensesOf(license: string | undefined): Models.LicenseRepository {
  return new Models.LicenseRepository(
    license === undefined ? [] : [new Models.LicenseExpression(license)],
  );
}

/** Scoped names keep their slash in a package URL, and their @ is escaped. */
function purlOf({ name, version }: BundledPackage): string {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

function componentOf(bundled: BundledPackage): Models.Component {
  return new Models.Component(Enums.ComponentType.Library, bundled.name, {
    bomRef: purlOf(bundled),
    version: bundled.version,
    purl: purlOf(bundled),
    licenses: licensesOf(bundled.license),
  });
}

function bomOf({ version, platform, node, packages }: Ingredients): Models.Bom {
  const program = new Models.Component(Enums.ComponentType.Application, 'truenas-monitor', {
    bomRef: 'truenas-monitor',
    version,
    licenses: licensesOf('Apache-2.0'),
    properties: new Models.PropertyRepository([
      new Models.Property('truenas-monitor:platform', platform),
    ]),
  });
  const runtime = new Models.Component(Enums.ComponentType.Platform, 'node', {
    bomRef: `node@${node}`,
    version: node,
    licenses: licensesOf('MIT'),
  });
  const parts = [runtime, ...packages.map(componentOf)];
  for (const part of parts) program.dependencies.add(part.bomRef);
  return new Models.Bom({
    metadata: new Models.Metadata({ component: program }),
    components: new Models.ComponentRepository(parts),
  });
}

/**
 * The software bill of materials of an executable, CycloneDX 1.6: the runtime, and each package of which something was bundled, and
 * no other. The same ingredients give the same text. Throws where it would not be valid.
 */
export async function billOfMaterials(ingredients: Ingredients): Promise<string> {
  const serializer = new Serialize.JsonSerializer(
    new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6),
  );
  const text = serializer.serialize(bomOf(ingredients), { sortLists: true, space: 2 });
  const invalid: unknown = await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(
    text,
  );
  if (invalid !== null)
    throw new Error(`the bill of materials is invalid: ${JSON.stringify(invalid)}`);
  return `${text}\n`;
}
