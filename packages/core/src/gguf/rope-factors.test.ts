import { expect, it } from 'vitest';
import { GgufError } from './gguf-error.js';
import { ropeScalingOf } from './rope-factors.js';

/** What llama.cpp's converter stores for Llama 3.1 and later: by how much each frequency is divided. */
function storedFactors(factor: number, headDim: number, theta: number): Float32Array {
  const [low, high, original] = [1, 4, 8192];
  return Float32Array.from({ length: headDim / 2 }, (_, i) => {
    const wavelength = 2 * Math.PI * theta ** ((2 * i) / headDim);
    if (wavelength < original / high) return 1;
    if (wavelength > original / low) return factor;
    const smooth = (original / wavelength - low) / (high - low);
    return 1 / ((1 - smooth) / factor + smooth);
  });
}

const CONFIG = { headDim: 64, ropeTheta: 500_000 };

it.each([8, 32])('finds the scaling of a factor of %d back from what it does to each frequency', (factor) => {
  expect(ropeScalingOf('model.gguf', CONFIG, storedFactors(factor, 64, 500_000))).toEqual({
    type: 'llama3',
    factor,
    lowFrequencyFactor: 1,
    highFrequencyFactor: 4,
    originalMaxPositions: 8192,
  });
});

it.each([
  ['others', storedFactors(8, 64, 500_000).map((value, i) => (i === 20 ? value * 1.01 : value))],
  ['too few', storedFactors(8, 32, 500_000)],
  ['none', new Float32Array()],
  ['no numbers', new Float32Array(32).fill(Number.NaN)],
])('refuses factors that are not those of Llama 3: %s', (_, factors) => {
  const finding = () => ropeScalingOf('model.gguf', CONFIG, factors);
  expect(finding).toThrow(GgufError);
  expect(finding).toThrow(/^model\.gguf: rope_freqs\.weight does not hold the factors/);
});
