/**
 * Rewards the length of a thought, given its budget. Both in tokens; `length` ≥ 0 counts the tokens between
 * `<think>` and `</think>`. The result is usually in 0..1 (penalties may go below 0).
 */
export type LengthReward = (length: number, budget: number) => number;
