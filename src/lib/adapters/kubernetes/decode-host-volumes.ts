import { cleanPath } from '../../core/correlate/paths.ts';
import { type VolumeSource } from '../../core/model/kubernetes.ts';
import { recordAt, textAt, type JsonRecord } from './json.ts';

/*
 * Volumes that a node mounts by means of its own. Their options hold passwords as well, so that nothing is kept but where they lead.
 */

/** Plug-ins that mount from a server; nearly all others have nothing to do with one. */
const FROM_A_SERVER = /nfs|cifs|smb/i;

const FLEX_VOLUME = 'flexVolume';

/** What plug-ins for files of a server call these is nowhere laid down: fstab/cifs, microsoft.com/smb, juliohm/cifs and others. */
export function decodeFlexVolume(flex: JsonRecord): VolumeSource {
  const driver = textAt(flex, 'driver') ?? '';
  if (!FROM_A_SERVER.test(driver)) return { kind: 'other', type: FLEX_VOLUME };
  const { address, server, share } = addressOf(recordAt(flex, 'options'));
  const read = /nfs/i.test(driver)
    ? nfsAt(address ?? `${server}:${share}`)
    : smbAt(address ?? `//${server}/${share}`);
  return read ?? { kind: 'unread', type: FLEX_VOLUME };
}

function addressOf(options: JsonRecord) {
  return {
    address: textAt(options, 'networkPath') ?? textAt(options, 'source'),
    server: textAt(options, 'server') ?? '',
    share: textAt(options, 'share') ?? textAt(options, 'path') ?? '',
  };
}

/** `//server/share/path`, without a name and a password before the server. */
function smbAt(address: string): VolumeSource | undefined {
  const parts = /^\/\/(?:[^/]*@)?([^/@]+)\/+([^/@][^@]*)$/.exec(address.replaceAll('\\', '/'));
  const [, server, share] = parts ?? [];
  return server === undefined || share === undefined
    ? undefined
    : { kind: 'smb', source: `//${server}/${share}` };
}

/** `server:/path`. */
function nfsAt(address: string): VolumeSource | undefined {
  const [, server, path] = /^([^/]+):(\/.+)$/.exec(address) ?? [];
  return server === undefined || path === undefined ? undefined : { kind: 'nfs', server, path };
}

/** Where TrueNAS mounts datasets: a cluster may run on the NAS itself. Elsewhere a path says nothing of it. */
const MOUNTS = '/mnt/';

/** A directory of the node: `hostPath` and `local`. */
export function decodeNodePath(type: string): (source: JsonRecord) => VolumeSource {
  return (source) => {
    const path = cleanPath(textAt(source, 'path') ?? '');
    return path.startsWith(MOUNTS) ? { kind: 'path', type, path } : { kind: 'other', type };
  };
}
