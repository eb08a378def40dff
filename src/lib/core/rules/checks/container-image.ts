import { parseVersion, type Version } from './versions.ts';

/** The parts of an image's reference. */
export interface ImageName {
  /** Last part of the repository: `csi-provisioner`. */
  readonly name: string;
  /** Null where none is written, which means `latest`. */
  readonly tag: string | null;
  /** Whether it names its content by digest: it is the same image for ever. */
  readonly byDigest: boolean;
}

export function parseImage(image: string): ImageName {
  const [reference = '', digest] = image.split('@', 2);
  const last = reference.slice(reference.lastIndexOf('/') + 1);
  const [name = '', tag] = last.split(':', 2);
  return { name, tag: tag ?? null, byDigest: digest !== undefined };
}

/** Tags that are names of branches, or promise the newest: another image may be behind them tomorrow. */
const MOVING =
  /^(?:latest|next|master|main|edge|nightly|canary|dev|devel|develop|stable|snapshot)$/i;

/** Whether the same reference may stand for another image tomorrow. */
export function isMoving({ tag, byDigest }: ImageName): boolean {
  return !byDigest && (tag === null || MOVING.test(tag));
}

/** Version in the tag; undefined where the tag says none. */
export function versionOfImage(image: string): Version | undefined {
  const { tag } = parseImage(image);
  return tag !== null && /^v?\d/.test(tag) ? parseVersion(tag) : undefined;
}
