/** A dataset that clean-up put aside, as its journals tell: marked where it lies, and then `to` is `from`, or given another place. */
export interface MovedDataset {
  readonly hostId: string;
  readonly from: string;
  readonly to: string;
  /** What it keeps wherever it lies; null where its TrueNAS did not tell. */
  readonly guid: string | null;
  readonly createtxg: string | null;
  /** The plan that its mark names; null where that plan did not mark it. */
  readonly planId: string | null;
  readonly at: Date;
}
