import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkGradeOptions } from '../grade/options.js';
import { readMath } from '../read/read.js';
import { equalSets, type RealSet, realSetOf } from './real-set.js';
import { solutionSet } from './solve.js';

const options = checkGradeOptions({});

/** Whether a real belongs to a set, by its definition: which piece of the line it lies in. */
function holds(set: RealSet, x: number): boolean {
  let piece = 0;
  for (const cut of set.cuts) {
    const at = cut.ball.re.toNumber();
    if (x === at) return set.member[piece + 1];
    if (x < at) return set.member[piece];
    piece += 2;
  }
  return set.member[piece];
}

interface Interval {
  readonly low: number;
  readonly high: number;
  readonly closedLow: boolean;
  readonly closedHigh: boolean;
}
const intervals = fc
  .record({
    low: fc.integer({ min: -6, max: 6 }),
    length: fc.integer({ min: 1, max: 5 }),
    closedLow: fc.boolean(),
    closedHigh: fc.boolean(),
  })
  .map(({ low, length, ...ends }): Interval => ({ low, high: low + length, ...ends }));
const write = ({ low, high, closedLow, closedHigh }: Interval): string =>
  `${closedLow ? '[' : '('}${low},${high}${closedHigh ? ']' : ')'}`;
const inside = ({ low, high, closedLow, closedHigh }: Interval, x: number): boolean =>
  (x > low || (closedLow && x === low)) && (x < high || (closedHigh && x === high));
const SAMPLES = Array.from(
  { length: 60 },
  (_, index) => -8 + index / 3 - ((index / 3) % 1) + (index % 3) / 2,
);

describe('sets of reals', () => {
  it('hold the points that unions, intersections and differences of their parts hold', () => {
    const operations = fc.constantFrom('\\cup', '\\cap', '\\setminus');
    fc.assert(
      fc.property(
        intervals,
        fc.array(fc.tuple(operations, intervals), { minLength: 1, maxLength: 4 }),
        (first, more) => {
          const latex = more.reduce(
            (text, [operation, interval]) => `${text} ${operation} ${write(interval)}`,
            write(first),
          );
          const set = realSetOf(readMath(latex, 'latex')!)!;
          for (const x of SAMPLES) {
            const expected = more.reduce(
              (so, [operation, interval]) =>
                operation === '\\cup'
                  ? so || inside(interval, x)
                  : operation === '\\cap'
                    ? so && inside(interval, x)
                    : so && !inside(interval, x),
              inside(first, x),
            );
            expect(holds(set, x), `${latex} at ${x}`).toBe(expected);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('are equal however they are put together', () => {
    const set = (latex: string): RealSet => realSetOf(readMath(latex, 'latex')!)!;
    const equal = (a: string, b: string): boolean => equalSets(set(a), set(b), options);
    expect(equal('[0,1]\\cup[1,2]', '[0,2]')).toBe(true);
    expect(equal('[0,1)\\cup(1,2]', '[0,2]')).toBe(false);
    expect(equal('(-\\infty,\\infty)', '\\mathbb{R}')).toBe(true);
    expect(equal('[0,1]\\cap[2,3]', '\\emptyset')).toBe(true);
    expect(equal('[\\frac12,\\sqrt2]', '[0.5,\\sqrt{2}]')).toBe(true);
  });

  it.each(['(1,2,3)', '(x,2)', '(1+i,2)', '\\mathbb{Z}', 'A \\cup B', '5'])(
    'are not read out of %s',
    (latex) => {
      expect(realSetOf(readMath(latex, 'latex')!)).toBeNull();
    },
  );
});

describe('solutions of inequalities', () => {
  const relation = fc.constantFrom('<', '\\le', '>', '\\ge', '\\ne');
  const holdsFor = (a: number, operator: string, b: number): boolean =>
    ({ '<': a < b, '\\le': a <= b, '>': a > b, '\\ge': a >= b, '\\ne': a !== b })[operator]!;

  it('hold the points that satisfy them', () => {
    const whole = fc.integer({ min: -4, max: 4 });
    fc.assert(
      fc.property(
        whole.filter((a) => a !== 0),
        whole,
        whole,
        whole,
        relation,
        (a, b, c, d, operator) => {
          fc.pre(a !== c);
          const set = solutionSet(readMath(`${a}x + ${b} ${operator} ${c}x + ${d}`, 'latex')!)!;
          for (const x of SAMPLES) expect(holds(set, x)).toBe(holdsFor(a * x + b, operator, c * x + d));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('join by "or" and by "and"', () => {
    const both = fc.tuple(relation, fc.integer({ min: -5, max: 5 }));
    fc.assert(
      fc.property(both, both, fc.constantFrom('or', 'and'), ([first, a], [second, b], joint) => {
        const set = solutionSet(readMath(`x ${first} ${a} \\text{ ${joint} } x ${second} ${b}`, 'latex')!)!;
        for (const x of SAMPLES) {
          const [one, two] = [holdsFor(x, first, a), holdsFor(x, second, b)];
          expect(holds(set, x)).toBe(joint === 'or' ? one || two : one && two);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('unfold absolute values', () => {
    fc.assert(
      fc.property(relation, fc.integer({ min: -3, max: 5 }), (operator, a) => {
        const set = solutionSet(readMath(`|x| ${operator} ${a}`, 'latex')!)!;
        for (const x of SAMPLES) expect(holds(set, x)).toBe(holdsFor(Math.abs(x), operator, a));
      }),
    );
  });

  it('unfold absolute values of linear forms', () => {
    const whole = fc.integer({ min: -4, max: 4 });
    const factor = whole.filter((a) => a !== 0);
    fc.assert(
      fc.property(factor, whole, factor, whole, whole, relation, (a, b, c, d, e, operator) => {
        const set = solutionSet(readMath(`${c}|${a}x + ${b}| + ${d} ${operator} ${e}`, 'latex')!)!;
        for (const x of SAMPLES)
          expect(holds(set, x), `at ${x}`).toBe(holdsFor(c * Math.abs(a * x + b) + d, operator, e));
      }),
      { numRuns: 100 },
    );
  });

  it('are right or unknown, whatever is around the unknown', () => {
    interface Side {
      readonly latex: string;
      readonly at: (x: number) => number;
    }
    const leaf: fc.Arbitrary<Side> = fc.oneof(
      fc.constant<Side>({ latex: 'x', at: (x) => x }),
      fc.integer({ min: 0, max: 6 }).map((n): Side => ({ latex: `${n}`, at: () => n })),
    );
    const { side } = fc.letrec<{ side: Side }>((tie) => {
      const unary = (latex: (inner: string) => string, f: (value: number) => number) =>
        tie('side').map((inner): Side => ({ latex: latex(inner.latex), at: (x) => f(inner.at(x)) }));
      const binary = (latex: (a: string, b: string) => string, f: (a: number, b: number) => number) =>
        fc
          .tuple(tie('side'), tie('side'))
          .map(([a, b]): Side => ({ latex: latex(a.latex, b.latex), at: (x) => f(a.at(x), b.at(x)) }));
      return {
        side: fc.oneof(
          { maxDepth: 3, depthSize: 'medium' },
          leaf,
          binary(
            (a, b) => `(${a} + ${b})`,
            (a, b) => a + b,
          ),
          binary(
            (a, b) => `(${a} - ${b})`,
            (a, b) => a - b,
          ),
          binary(
            (a, b) => `(${a} \\cdot ${b})`,
            (a, b) => a * b,
          ),
          unary(
            (inner) => `\\frac{${inner}}{2}`,
            (value) => value / 2,
          ),
          unary((inner) => `\\lvert ${inner} \\rvert`, Math.abs),
          unary((inner) => `\\lfloor ${inner} \\rfloor`, Math.floor),
          unary(
            (inner) => `(${inner})^3`,
            (value) => value ** 3,
          ),
        ),
      };
    });
    let solved = 0;
    fc.assert(
      fc.property(side, side, relation, (left, right, operator) => {
        const latex = `${left.latex} ${operator} ${right.latex}`;
        const set = solutionSet(readMath(latex, 'latex')!);
        if (!set) return;
        solved += 1;
        for (const x of SAMPLES)
          expect(holds(set, x), `${latex} at ${x}`).toBe(holdsFor(left.at(x), operator, right.at(x)));
      }),
      { numRuns: 1_000 },
    );
    expect(solved).toBeGreaterThan(20);
  });

  it.each([
    'x^2 < 4',
    'x + y < 1',
    '1 < 2',
    'x < -1, x > 2',
    '\\sin x > 0',
    '\\lfloor x \\rfloor > 2',
    'x^3-6x^2+6x > 0',
    '|x| + x < 3',
    '|x|+|x-1| < 3',
  ])('are unknown for %s', (latex) => {
    expect(solutionSet(readMath(latex, 'latex')!)).toBeNull();
  });
});
