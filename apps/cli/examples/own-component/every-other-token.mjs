/**
 * A curriculum without randomness: of the candidates in their order, every other one. The contract is `Curriculum`
 * of @midtrain/curriculum.
 */
export function everyOtherToken({ first = 0 } = {}) {
  return {
    draw: (candidates, { count }) => {
      const chosen = candidates
        .filter((_, index) => index % 2 === first)
        .slice(0, count)
        .map((candidate) => ({ ...candidate, tier: 0 }));
      return { chosen, tierShares: [chosen.length > 0 ? 1 : 0], tierNames: ['all'] };
    },
  };
}
