/** How attention is planned. */
export interface PlanOptions {
  /** Rounds sizes up, so that different groups share a key. Default false. */
  readonly buckets?: boolean;
  /** How many rows keys and values have. Default N. */
  readonly keyRows?: number;
}
