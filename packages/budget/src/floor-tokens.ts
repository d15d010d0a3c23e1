/**
 * The floor of a computed number of tokens, where a value that rounding errors have put just below a whole
 * number counts as that number: 800·0.2 is 160 even if the arithmetic says 159.99999999999997.
 *
 * `relativeError` bounds the error of `tokens`; only a whole number that is within it is taken. Values
 * further off are floored as the paper says, so 159.999999 stays 159.
 */
export const floorTokens = (tokens: number, relativeError: number): number => {
  const nearest = Math.round(tokens);
  return Math.abs(tokens - nearest) <= relativeError * Math.max(1, nearest) ? nearest : Math.floor(tokens);
};
