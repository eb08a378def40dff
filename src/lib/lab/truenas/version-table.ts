import { type TrueNasVersion } from '../scenario/world.ts';

/** How deletions behave (they differ most where it hurts most). */
export interface DeleteSemantics {
  /** A recursive deletion also destroys clones elsewhere in the pool, and releases holds. */
  readonly recursionTakesClones: boolean;
  /** A destroy that fails after the checks is answered `true`. */
  readonly failuresAreHidden: boolean;
  /** Which errors name a dataset with snapshots, and a snapshot with clones or holds. */
  readonly errors: 'libzfs' | 'zfs.resource';
}

/** Everything in which one version differs from the others. */
export interface VersionTable {
  readonly version: TrueNasVersion;
  /** What `GET /api/versions` lists; null where that path does not exist. */
  readonly apiVersions: readonly string[] | null;
  readonly rest: boolean;
  readonly jsonRpc: boolean;
  readonly methods: ReadonlySet<string>;
  /** Text in front of the release in `system.version`. */
  readonly versionPrefix: string;
  readonly productType: string;
  readonly mechanisms: readonly string[];
  /** Keys `core.set_options` knows. */
  readonly connectionOptions: readonly string[];
  /** `core.set_options` answers what is in force; before, null. */
  readonly optionsAreEchoed: boolean;
  /** Query options that are accepted; null accepts any. */
  readonly queryOptions: readonly string[] | null;
  readonly keysRevokedOverPlainText: boolean;
  /** A key is the system's own, with a list of verbs and paths, not a user's. */
  readonly keysHaveAllowLists: boolean;
  readonly traceFrames: boolean;
  /** Role a method asks for where it differs from the newest version. */
  readonly roles: Readonly<Record<string, readonly string[]>>;
  /** Fields of each kind of entry, in order. */
  readonly fields: Readonly<Record<EntryKind, readonly string[]>>;
  readonly datasets: {
    /** Any ZFS property can be asked for, and comes under its ZFS name. */
    readonly anyProperty: boolean;
    /** A filter makes `retrieve_children: false` look at every dataset. */
    readonly filtersSearchAll: boolean;
    /** `count` tells how many datasets were walked, whatever the filters say. */
    readonly countIgnoresFilters: boolean;
    /** Inherited user properties say that they are local, and notes stay among them. */
    readonly userPropertiesAlwaysLocal: boolean;
    readonly upperCaseOrigin: boolean;
    readonly sizeStyle: 'zfs' | 'humanfriendly';
    /** What `name` must contain, or match, to be hidden as internal. */
    readonly hidden: RegExp;
  };
  readonly snapshots: {
    readonly sourceInfo: boolean;
    readonly userProperties: boolean;
    readonly foreignHolds: boolean;
    readonly properties: readonly string[];
    /** `retention` needs a filter by id, or a limit. */
    readonly retentionNeedsFilter: boolean;
    /** `select` keeps top-level keys only. */
    readonly flatSelect: boolean;
    readonly namesOnlyPath: boolean;
  };
  readonly deletes: DeleteSemantics;
  /** `zfs.resource.query`. */
  readonly resource: {
    readonly keys: readonly string[];
    readonly sourceByDefault: boolean;
    /** What was not asked for is null, not empty. */
    readonly absentIsNull: boolean;
  };
  /** `extra.exclude_internal_datasets: false` shows what is hidden. */
  readonly internalCanBeShown: boolean;
  readonly systemInfoHasFullVersion: boolean;
  /** A pool that was never scrubbed has no `scan`, and not one with empty fields. */
  readonly neverScannedIsNull: boolean;
  /** Members `pool.dataset.details` has on top. */
  readonly detailsExtra: Readonly<Record<string, unknown>>;
}

export type EntryKind =
  | 'pool'
  | 'nfs'
  | 'smb'
  | 'target'
  | 'extent'
  | 'portal'
  | 'iscsiGlobal'
  | 'namespace'
  | 'job'
  | 'apiKey';
