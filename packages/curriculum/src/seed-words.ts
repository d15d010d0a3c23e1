const word64 = (value: bigint): bigint => BigInt.asUintN(64, value);

/** SplitMix64 (Steele, Lea and Flood, OOPSLA 2014), which xoshiro's authors advise for seeding: the first `count` outputs. */
export const splitMix64 = (seed: bigint, count: number): bigint[] =>
  Array.from({ length: count }, (_, index) => {
    let z = word64(seed + 0x9e3779b97f4a7c15n * BigInt(index + 1));
    z = word64((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
    z = word64((z ^ (z >> 27n)) * 0x94d049bb133111ebn);
    return z ^ (z >> 31n);
  });

/** FNV-1a, 64 bits, of the text's UTF-8 bytes (draft-eastlake-fnv). */
export const fnv1a64 = (text: string): bigint =>
  new TextEncoder()
    .encode(text)
    .reduce((hash, byte) => word64((hash ^ BigInt(byte)) * 0x100000001b3n), 0xcbf29ce484222325n);

/**
 * Four 32-bit words for a generator, from a seed and the name of a stream. The empty name leaves the seed as it is;
 * another name moves it to a place of its own: SplitMix64 mixes the seed first, so that neighbouring seeds
 * and similar names share nothing.
 */
export const seedWords = (seed: number, stream: string): number[] => {
  const start = stream === '' ? BigInt(seed) : splitMix64(BigInt(seed), 1)[0] ^ fnv1a64(stream);
  return splitMix64(start, 2).flatMap((word) => [Number(word & 0xffffffffn), Number(word >> 32n)]);
};
