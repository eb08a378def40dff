const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'it or its directory may not be used',
  EPERM: 'it or its directory may not be used',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'it would be larger than this process may make a file',
  EIO: 'the disk does not work',
  ENOTDIR: 'something above it is no directory',
  EISDIR: 'it is a directory',
  ELOOP: 'it is a link',
};

/** Why the system did not do what it was asked, in a few words; undefined where it was not the system. */
export function systemReason(error: Error): string | undefined {
  if (!('syscall' in error) || !('code' in error)) return undefined;
  return REASONS[String(error.code)] ?? error.message;
}
