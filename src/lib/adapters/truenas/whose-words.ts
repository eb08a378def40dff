/*
 * Remedies name keys of our configuration. Where address and credentials come from the Secret of a CSI driver there is
 * nothing under those keys to check, and the Secret is what to look at.
 */

/** Who says where a system is and how to log in. */
export interface Source {
  /** Such as `secret csi/nfs-config`; null for our configuration. */
  readonly keptIn: string | null;
}

const OF_ITS_OWN = 'set truenas.url, truenas.username and truenas.api_key';

/** What to do about a key that does not do, where it is our configuration that names it. */
export const NEW_KEY =
  'Create a new API key in TrueNAS, and write it into the file that truenas.api_key_file names.';

/** What says where the system is. */
export function addressOf({ keptIn }: Source): string {
  return keptIn === null ? 'truenas.url' : `httpConnection in ${keptIn}`;
}

/** What to do where the system is to be asked at another address. */
export function askElsewhere({ keptIn }: Source, address: string): string {
  const credentials = keptIn === null ? '' : ', and give truenas.username and truenas.api_key';
  return `Set truenas.url to ${address}${credentials}.`;
}

/** What to do about an address that leads nowhere from here. */
export function addressRemedies({ keptIn }: Source, usual: readonly string[]): readonly string[] {
  return keptIn === null
    ? usual
    : [...usual, `If it has another address from here, ${OF_ITS_OWN}.`];
}

/** What to do about credentials; only what holds for whoever they belong to is left of the usual. */
export function credentialRemedies(
  { keptIn }: Source,
  usual: readonly string[],
): readonly string[] {
  if (keptIn === null) return usual;
  const left = usual.filter((remedy) => !remedy.includes('truenas.'));
  return [...left, `The credentials are those of ${keptIn}: mend them there, or ${OF_ITS_OWN}.`];
}
