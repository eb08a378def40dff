/** What drivers call the snapshots they take to copy from, and mean to delete at once or with the copy. */
const TEMPORARY = [
  // democratic-csi and tns-csi, followed by the name of what is made from it.
  /^volume-source-for-(?:volume|snapshot)-./,
  // csi.truenas.io and tns-csi, followed by the time.
  /^csi-clone-.+-\d+$/,
  /^csi-detached-temp-\d+$/,
];

/** Whether a name is one that drivers give what they leave behind. What people call alike is theirs. */
export function isTemporarySnapshot(name: string): boolean {
  // Most snapshots are somebody's, and one look at how they begin spares the patterns.
  if (!name.startsWith('volume-source-for-') && !name.startsWith('csi-')) return false;
  return TEMPORARY.some((pattern) => pattern.test(name));
}
