import {
  div,
  maximum,
  mul,
  neg,
  notEqual,
  type Scalar,
  sum,
  type Tensor1D,
  tidy,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { requireShape } from './require-shape.js';

export interface NextTokenLossInput {
  /** Log-probability in nats of each true next token (teacher forcing). float32, differentiable. */
  readonly logProbs_N: Tensor1D;
  /** m_pos = 1[τ_pos ∉ C]: 1 for a token that is learned here, 0 for padding and the positions drawn for RL. float32. */
  readonly mask_N: Tensor1D;
}

/**
 * L_NTP of RMT's dual training (arXiv 2509.24375): −Σ m·log π / Σ m, in nats a token. When no token is left (all
 * drawn for RL) it is 0 with gradient 0, not NaN. What stands under a mask of 0 does not matter, NaN included.
 *
 * @throws LossesError `invalid_shape`
 */
export function nextTokenLoss({ logProbs_N, mask_N }: NextTokenLossInput): Scalar {
  requireShape('mask_N', mask_N, logProbs_N.shape, 'logProbs_N');
  return tidy(() => {
    const learned_N = where(notEqual(mask_N, 0), logProbs_N, zerosLike(mask_N)) as Tensor1D;
    const total: Scalar = sum(mul(learned_N, mask_N));
    const mean: Scalar = div(total, maximum(sum(mask_N), 1));
    return neg(mean);
  });
}
