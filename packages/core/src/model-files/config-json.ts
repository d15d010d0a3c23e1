import { z } from 'zod';

const count = z.number().int().positive().max(0x7fffffff);
const positive = z.number().positive();
/** Some files say null or −1 where there is no such token. */
const tokenId = z.number().int().min(-1).nullish();

/** Rotary settings, as `rope_scaling` has them on the hub and `rope_parameters` in transformers 5. */
const rope = z.looseObject({
  rope_type: z.string().optional(),
  /** The name that `rope_type` had at first. */
  type: z.string().optional(),
  rope_theta: positive.optional(),
  factor: positive.optional(),
  low_freq_factor: positive.optional(),
  high_freq_factor: positive.optional(),
  original_max_position_embeddings: count.optional(),
});

/** `config.json` of a Llama, Qwen2 or Qwen3 model, in the hub's form or in that of transformers 5. */
export const configJson = z.looseObject({
  model_type: z.enum(['llama', 'qwen2', 'qwen3'], {
    error: ({ input }) =>
      `is ${JSON.stringify(input)}, expected 'llama', 'qwen2' or 'qwen3'; other models are not supported`,
  }),
  vocab_size: count,
  hidden_size: count,
  intermediate_size: count,
  num_hidden_layers: count.max(10_000),
  num_attention_heads: count,
  num_key_value_heads: count.nullish(),
  head_dim: count.nullish(),
  hidden_act: z
    .literal('silu', {
      error: ({ input }) =>
        `is ${JSON.stringify(input)}, expected 'silu'; other activations are not supported`,
    })
    .default('silu'),
  rms_norm_eps: positive.default(1e-6),
  max_position_embeddings: count.nullish(),
  tie_word_embeddings: z.boolean().default(false),
  attention_bias: z.boolean().default(false),
  mlp_bias: z.boolean().default(false),
  initializer_range: z.number().nonnegative().default(0.02),
  rope_theta: positive.nullish(),
  rope_scaling: rope.nullish(),
  rope_parameters: rope.nullish(),
  partial_rotary_factor: z
    .literal(1, { error: 'expected 1; rotating a part of each head is not supported' })
    .nullish(),
  use_sliding_window: z
    .literal(false, { error: 'expected false; sliding-window attention is not supported' })
    .default(false),
  layer_types: z
    .array(
      z.literal('full_attention', { error: "expected 'full_attention'; other attention is not supported" }),
    )
    .nullish(),
  quantization_config: z.null({ error: 'expected none; quantised weights are not supported' }).optional(),
  bos_token_id: tokenId,
  eos_token_id: z.union([tokenId, z.array(z.number().int().nonnegative())]),
  pad_token_id: tokenId,
});

export type ConfigJson = z.infer<typeof configJson>;
