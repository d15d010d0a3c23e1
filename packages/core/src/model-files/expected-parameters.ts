import type { ModelConfig } from './model-config.js';

/**
 * Names and shapes of a model's parameters, as Hugging Face stores them: matrices are [out, in]. The order is that of
 * the forward pass; there is no `lm_head.weight` where the head is the embedding.
 */
export function expectedParameters(config: ModelConfig): Map<string, readonly number[]> {
  const { vocabularySize, hiddenSize, intermediateSize, headDim } = config;
  const queries = config.heads * headDim;
  const keys = config.keyValueHeads * headDim;
  const parameters = new Map<string, readonly number[]>([
    ['model.embed_tokens.weight', [vocabularySize, hiddenSize]],
  ]);
  const linear = (name: string, out: number, input: number, bias: boolean) => {
    parameters.set(`${name}.weight`, [out, input]);
    if (bias) parameters.set(`${name}.bias`, [out]);
  };

  for (let layer = 0; layer < config.layers; layer++) {
    const at = `model.layers.${layer}`;
    parameters.set(`${at}.input_layernorm.weight`, [hiddenSize]);
    linear(`${at}.self_attn.q_proj`, queries, hiddenSize, config.attentionBias);
    linear(`${at}.self_attn.k_proj`, keys, hiddenSize, config.attentionBias);
    linear(`${at}.self_attn.v_proj`, keys, hiddenSize, config.attentionBias);
    linear(`${at}.self_attn.o_proj`, hiddenSize, queries, config.attentionBias && config.family !== 'qwen2');
    if (config.family === 'qwen3') {
      parameters.set(`${at}.self_attn.q_norm.weight`, [headDim]);
      parameters.set(`${at}.self_attn.k_norm.weight`, [headDim]);
    }
    parameters.set(`${at}.post_attention_layernorm.weight`, [hiddenSize]);
    linear(`${at}.mlp.gate_proj`, intermediateSize, hiddenSize, config.mlpBias);
    linear(`${at}.mlp.up_proj`, intermediateSize, hiddenSize, config.mlpBias);
    linear(`${at}.mlp.down_proj`, hiddenSize, intermediateSize, config.mlpBias);
  }

  parameters.set('model.norm.weight', [hiddenSize]);
  if (!config.tieWordEmbeddings) parameters.set('lm_head.weight', [vocabularySize, hiddenSize]);
  return parameters;
}
