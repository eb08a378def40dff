/*
 * How ZFS names, mount points and device paths relate on TrueNAS.
 */

const MOUNT_ROOT = '/mnt/';
const ZVOL_PREFIX = 'zvol/';

/** The last answer of `parentPath`. */
let lastParent = '';

/**
 * Everything before the last `/`; empty for a pool's root dataset. Lists come sorted, so that the next path mostly lies beside the
 * last one: the same string again costs no memory, and a map that is asked for it has its hash already.
 */
export function parentPath(path: string): string {
  if (!isRightBelow(path, lastParent)) {
    const slash = path.lastIndexOf('/');
    if (slash < 0) return '';
    lastParent = path.slice(0, slash);
  }
  return lastParent;
}

const SLASH = 47;

/** Whether a path is that of a direct child of another. */
export function isRightBelow(path: string, parent: string): boolean {
  const { length } = parent;
  return (
    path.charCodeAt(length) === SLASH && path.startsWith(parent) && !path.includes('/', length + 1)
  );
}

/** Everything after the last `/`. */
export function leafName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export function poolName(path: string): string {
  const slash = path.indexOf('/');
  return slash < 0 ? path : path.slice(0, slash);
}

/** Dataset path a mount path would have if nobody moved the mount point; undefined outside `/mnt`. */
export function datasetPathOf(mountPath: string): string | undefined {
  if (!mountPath.startsWith(MOUNT_ROOT)) return undefined;
  const path = trimSlashes(mountPath.slice(MOUNT_ROOT.length));
  return path === '' ? undefined : path;
}

/** Dataset path in an extent's or namespace's device path; undefined for files. A space travels as `+`. */
export function zvolPathOf(devicePath: string): string | undefined {
  const path = devicePath.startsWith('/dev/') ? devicePath.slice('/dev/'.length) : devicePath;
  if (!path.startsWith(ZVOL_PREFIX)) return undefined;
  const zvol = path.slice(ZVOL_PREFIX.length);
  return zvol.includes('+') ? zvol.replaceAll('+', ' ') : zvol;
}

const UNTIDY = /\/\/|\/\.{1,2}(?:\/|$)|.\/$/;

/**
 * A mount path as a server sees it: Kubernetes keeps `//`, `/./`, `/../` and a trailing slash as somebody wrote them, and
 * the mount works all the same.
 */
export function cleanPath(path: string): string {
  if (!UNTIDY.test(path)) return path;
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

export function trimSlashes(path: string): string {
  if (!path.startsWith('/') && !path.endsWith('/')) return path;
  return path.replace(/^\/+|\/+$/g, '');
}

/** TrueNAS leaves these out of its answers wherever they appear in a name, so not listed is not gone. */
const HIDDEN = ['/.system', '/ix-applications', '/ix-apps', '/.ix-virt'];

/** Whether the API hides datasets of this path. */
export function isHiddenPath(path: string): boolean {
  return HIDDEN.some((part) => path.includes(part));
}

const QUALIFIED = /^(?:iqn|nqn|eui|naa)\.[^:]*:/i;

/** Target name inside a full IQN or NQN: everything after the authority. A bare name may hold colons of its own. */
export function targetNameOf(name: string): string {
  return name.replace(QUALIFIED, '');
}

/** What two spellings of one target share: TrueNAS stores names in lower case, whatever a driver or a PV writes. */
export function targetKey(name: string): string {
  return targetNameOf(name).toLowerCase();
}
