/** How a volume is exported: file systems by the first two, zvols by the others. */
export type Protocol = 'nfs' | 'smb' | 'iscsi' | 'nvmeof';

export function isBlock(protocol: Protocol): boolean {
  return protocol === 'iscsi' || protocol === 'nvmeof';
}
