/** A dataset that clean-up put aside, as its journals tell: marked where it lies, and then `to` is `from`, or given another place. */
export interface MovedDataset {
  readonly hostId: string;
  readonly from: string;
  readonly to: string;
  /** What it keeps wherever it lies; null where its TrueNAS did not tell. */
  readonly guid: string | null;
  readonly createtxg: string | null;
  /** The mark that the run wrote on it, whole; null where it wrote none. */
  readonly mark: string | null;
  /** What it held itself, in bytes, when the mark was read back: another number tells that somebody has written since. */
  readonly usedByDataset: number | null;
  readonly at: Date;
}
