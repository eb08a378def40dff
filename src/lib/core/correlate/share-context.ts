/** `csi_share_volume_context` as the driver wrote it: what it told Kubernetes of the share. */
export type ShareContext = Readonly<Record<string, unknown>>;

/** Reads it; undefined where it is not there, or is no JSON object: anybody can write a property. */
export function readShareContext(text: string | null): ShareContext | undefined {
  if (text === null) return undefined;
  try {
    const context: unknown = JSON.parse(text);
    return typeof context === 'object' && context !== null && !Array.isArray(context)
      ? Object.fromEntries(Object.entries(context))
      : undefined;
  } catch {
    return undefined;
  }
}
