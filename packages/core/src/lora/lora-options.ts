import { LoraError } from './lora-error.js';

/** What an adapter is like (LoRA, arXiv 2106.09685): W becomes W + scale·B·A, with A [rank, in] and B [out, rank]. */
export interface LoraOptions {
  /** Rows of A. Default 16 (ours). */
  readonly rank?: number;
  /** The scale is alpha / rank. Default 2·rank (ours). */
  readonly alpha?: number;
  /** Share of an adapter's input that is zeroed in training, 0 ≤ dropout < 1. Default 0. */
  readonly dropout?: number;
  /**
   * Linear layers that get an adapter, by the last parts of their names as PEFT has them: `q_proj`, `k_proj`, `v_proj`,
   * `o_proj`, `gate_proj`, `up_proj`, `down_proj`, `lm_head`, `layers.3.mlp.up_proj`, …; `all-linear` is all but
   * `lm_head`. Default all-linear.
   */
  readonly targetModules?: readonly string[] | 'all-linear';
  /** Whether the scale is alpha / √rank (rsLoRA, arXiv 2312.03732). Default false. */
  readonly rsLora?: boolean;
}

/** Options with their defaults. */
export interface LoraSettings extends Required<LoraOptions> {
  readonly targetModules: readonly string[];
}

/** The linear layers of a decoder layer: PEFT's `all-linear`. */
export const ALL_LINEAR = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'];

function expect(holds: boolean, field: keyof LoraOptions, value: unknown, expected: string): void {
  if (!holds) throw new LoraError(`lora.${field}: is ${JSON.stringify(value)}, expected ${expected}`);
}

/** Fills in the defaults. @throws LoraError where an option is out of range */
export function loraSettings(options: LoraOptions = {}): LoraSettings {
  const { rank = 16, alpha = 2 * rank, dropout = 0, targetModules = 'all-linear', rsLora = false } = options;
  expect(Number.isInteger(rank) && rank >= 1, 'rank', rank, 'a whole number ≥ 1');
  expect(Number.isFinite(alpha) && alpha > 0, 'alpha', alpha, 'a number > 0');
  expect(dropout >= 0 && dropout < 1, 'dropout', dropout, 'a number from 0 to below 1');
  expect(targetModules.length > 0, 'targetModules', targetModules, 'the names of some linear layers');
  return {
    rank,
    alpha,
    dropout,
    targetModules: targetModules === 'all-linear' ? ALL_LINEAR : targetModules,
    rsLora,
  };
}

/** What B·A is multiplied by. */
export function loraScale({ alpha, rank, rsLora }: LoraSettings): number {
  return alpha / (rsLora ? Math.sqrt(rank) : rank);
}
