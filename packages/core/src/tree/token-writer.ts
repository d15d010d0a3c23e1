/** A sequence being written: takes one sampled token at a time and knows when it has ended. */
export interface TokenWriter {
  readonly ended: boolean;
  /** @param logProb nats */
  accept(tokenId: number, logProb: number): void;
}
