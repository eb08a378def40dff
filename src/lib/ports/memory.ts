/** The memory of this process. */
export interface Memory {
  /** Called where much of what was in use no longer is: gives it back, if it is worth the time that takes. */
  release(): void;
  /** Called where nothing is going to be done for a while: gives back all that can be, and may take its time. */
  rest(): void;
}
