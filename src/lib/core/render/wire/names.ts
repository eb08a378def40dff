/** A source's name as the wire form writes it: `zfsSnapshots` is `zfs_snapshots`. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
