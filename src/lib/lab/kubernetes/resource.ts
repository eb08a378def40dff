export interface Resource {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  /** Selectable fields beside `metadata.name` and `metadata.namespace`. */
  readonly fields: readonly string[];
  /** Columns of `kubectl get` between NAME and AGE: title and path of the value. */
  readonly columns: readonly (readonly [title: string, path: string])[];
}

type Traits = Partial<Pick<Resource, 'namespaced' | 'shortNames' | 'fields' | 'columns'>>;

export const clusterScoped = { namespaced: false } as const;

/** Resources of one group and version; each lies in namespaces unless its traits say otherwise. */
export function inGroup(
  group: string,
  version: string,
  entries: readonly (readonly [plural: string, kind: string, traits?: Traits])[],
): Resource[] {
  return entries.map(([plural, kind, traits]) => ({
    group,
    version,
    plural,
    kind,
    namespaced: true,
    shortNames: [],
    fields: [],
    columns: [],
    ...traits,
  }));
}
