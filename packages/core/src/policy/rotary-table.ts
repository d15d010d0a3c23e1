import * as tf from '@tensorflow/tfjs-core';
import type { ModelConfig } from '../model-files/model-config.js';

/** Cosines and sines of the rotary angles of packed tokens; R is half the head dimension. */
export interface RotaryAngles {
  readonly cos_N_R: tf.Tensor2D;
  readonly sin_N_R: tf.Tensor2D;
}

/**
 * Angular frequencies of the rotary embedding, one for each pair of a head's dimensions, in radians a position
 * (RoFormer, arXiv 2104.09864), with Llama 3's rescaling for long contexts where the configuration asks for it.
 */
export function rotaryFrequencies(
  config: Pick<ModelConfig, 'headDim' | 'ropeTheta' | 'ropeScaling'>,
): Float64Array {
  const half = config.headDim / 2;
  const frequencies = Float64Array.from({ length: half }, (_, i) => config.ropeTheta ** (-i / half));
  const scaling = config.ropeScaling;
  if (!scaling) return frequencies;
  const { factor, lowFrequencyFactor, highFrequencyFactor, originalMaxPositions } = scaling;
  return frequencies.map((frequency) => {
    const wavelength = (2 * Math.PI) / frequency;
    if (wavelength < originalMaxPositions / highFrequencyFactor) return frequency;
    if (wavelength > originalMaxPositions / lowFrequencyFactor) return frequency / factor;
    const smooth =
      (originalMaxPositions / wavelength - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor);
    return (1 - smooth) * (frequency / factor) + smooth * frequency;
  });
}

/** The rotary angles' cosines and sines at the given positions (tokens from the start of the sequence, ≥ 0). */
export function rotaryAngles(
  config: Pick<ModelConfig, 'headDim' | 'ropeTheta' | 'ropeScaling'>,
  positions: ArrayLike<number>,
): RotaryAngles {
  const frequencies = rotaryFrequencies(config);
  const half = frequencies.length;
  const cos = new Float32Array(positions.length * half);
  const sin = new Float32Array(positions.length * half);
  for (let n = 0, at = 0; n < positions.length; n++) {
    for (let r = 0; r < half; r++, at++) {
      const angle = positions[n] * frequencies[r];
      cos[at] = Math.cos(angle);
      sin[at] = Math.sin(angle);
    }
  }
  const shape: [number, number] = [positions.length, half];
  return { cos_N_R: tf.tensor2d(cos, shape), sin_N_R: tf.tensor2d(sin, shape) };
}
