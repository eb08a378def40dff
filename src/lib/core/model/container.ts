/** A container of a pod that serves storage. */
export interface Container {
  readonly name: string;
  readonly image: string;
  /** Its command line as far as it is on the allow-list: `--csi-name=…`, `--leader-election`, … */
  readonly args: readonly string[];
  readonly ready: boolean;
  readonly restarts: number;
  /** When it last ended by itself; null where it never did. */
  readonly lastEndedAt: Date | null;
  /** Why it waits, such as `CrashLoopBackOff` or `ImagePullBackOff`; null where it does not. */
  readonly waiting: string | null;
}
