import {
  addBalls,
  type Ball,
  ball,
  bound,
  Decimal,
  invertBall,
  isReal,
  multiplyBalls,
  NoValueError,
  negateBall,
  signOf,
  size,
} from './ball.js';

const one = new Decimal(1);
const I: Ball = { re: new Decimal(0), im: one, error: new Decimal(0) };
const real = (value: Decimal | number, error?: Decimal): Ball => ball(new Decimal(value), undefined, error);

/** π to the working precision. */
export const PI: Ball = ball(Decimal.acos(-1));
/** Euler's number. */
export const E: Ball = ball(Decimal.exp(1));
/** The imaginary unit. */
export const IMAGINARY = I;

/** Larger exponents and angles are not evaluated: their cost grows with the argument. */
const LARGEST_EXPONENT = new Decimal(20_000);
const LARGEST_ANGLE = new Decimal('1e15');

const half = (a: Ball): Ball => multiplyBalls(a, real(0.5));
const subtract = (a: Ball, b: Ball): Ball => addBalls(a, negateBall(b));
const divide = (a: Ball, b: Ball): Ball => multiplyBalls(a, invertBall(b));

export function exponential(a: Ball): Ball {
  if (a.re.abs().greaterThan(LARGEST_EXPONENT) || a.im.abs().greaterThan(LARGEST_ANGLE))
    throw new NoValueError('too large an exponent');
  const scale = Decimal.exp(a.re);
  const error = scale.times(a.error).times(3);
  if (isReal(a)) return ball(scale, undefined, error);
  return ball(scale.times(Decimal.cos(a.im)), scale.times(Decimal.sin(a.im)), error);
}

/** The principal logarithm. */
export function logarithm(a: Ball): Ball {
  const distance = size(a).minus(a.error);
  if (!distance.greaterThan(0)) throw new NoValueError('the logarithm of zero');
  const error = a.error.div(distance).times(2);
  if (signOf(a) > 0) return ball(Decimal.ln(a.re), undefined, error);
  if (!isReal(a) && a.im.abs().lessThanOrEqualTo(a.error) && a.re.isNegative())
    throw new NoValueError('on a branch cut');
  return ball(Decimal.ln(size(a)), Decimal.atan2(a.im, a.re), error);
}

function squareRoot(a: Ball): Ball {
  if (isReal(a) && a.re.isZero() && a.error.isZero()) return a;
  const distance = size(a).minus(a.error);
  if (!distance.greaterThan(0)) throw new NoValueError('the root of zero');
  const error = a.error.div(distance.sqrt());
  if (isReal(a)) {
    const root = a.re.abs().sqrt();
    return a.re.isNegative() ? ball(new Decimal(0), root, error) : ball(root, undefined, error);
  }
  const modulus = size(a);
  const re = modulus.plus(a.re).div(2).abs().sqrt();
  const im = modulus.minus(a.re).div(2).abs().sqrt();
  return ball(re, a.im.isNegative() ? im.neg() : im, error.times(2));
}

/** The real root of odd degree of a real number, whatever its sign; else the principal one. */
export function root(a: Ball, degree: number): Ball {
  if (degree === 2) return squareRoot(a);
  if (isReal(a) && a.re.isZero() && a.error.isZero()) return a;
  if (degree % 2 === 1 && signOf(a) < 0) return negateBall(root(negateBall(a), degree));
  return exponential(divide(logarithm(a), real(degree)));
}

/** a to a whole power, by repeated squaring. */
export function wholePower(a: Ball, exponent: bigint): Ball {
  if (exponent < 0n) return invertBall(wholePower(a, -exponent));
  if (exponent > 100_000n) throw new NoValueError('too large an exponent');
  let result = real(1);
  let square = a;
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = multiplyBalls(result, square);
    if (left > 1n) square = multiplyBalls(square, square);
  }
  return result;
}

function sine(a: Ball): Ball {
  if (a.re.abs().greaterThan(LARGEST_ANGLE)) throw new NoValueError('too large an angle');
  if (isReal(a)) return ball(Decimal.sin(a.re), undefined, a.error);
  if (a.im.abs().greaterThan(1000)) throw new NoValueError('too large an angle');
  const growth = Decimal.cosh(a.im);
  return ball(
    Decimal.sin(a.re).times(growth),
    Decimal.cos(a.re).times(Decimal.sinh(a.im)),
    a.error.times(growth).times(3),
  );
}

const cosine = (a: Ball): Ball => sine(addBalls(half(PI), a));

const hyperbolicSine = (a: Ball): Ball => half(subtract(exponential(a), exponential(negateBall(a))));
const hyperbolicCosine = (a: Ball): Ball => half(addBalls(exponential(a), exponential(negateBall(a))));

function arcTangent(a: Ball): Ball {
  if (isReal(a)) return ball(Decimal.atan(a.re), undefined, a.error);
  const times = multiplyBalls(I, a);
  return multiplyBalls(
    half(I),
    subtract(logarithm(subtract(real(1), times)), logarithm(addBalls(real(1), times))),
  );
}

/** arcsin z = −i·ln(iz + √(1 − z²)). */
function arcSine(a: Ball): Ball {
  if (isReal(a) && a.re.abs().equals(1) && a.error.lessThan('1e-50'))
    return multiplyBalls(half(PI), real(a.re));
  const inside = addBalls(multiplyBalls(I, a), squareRoot(subtract(real(1), multiplyBalls(a, a))));
  const value = multiplyBalls(negateBall(I), logarithm(inside));
  return isReal(a) && a.re.abs().lessThan(1) ? { ...value, im: new Decimal(0) } : value;
}

const arcCosine = (a: Ball): Ball => subtract(half(PI), arcSine(a));

/** Functions of one argument, by the name the reader gives them. */
export const FUNCTIONS_OF_ONE: Readonly<Record<string, (a: Ball) => Ball>> = {
  sin: sine,
  cos: cosine,
  tan: (a) => divide(sine(a), cosine(a)),
  cot: (a) => divide(cosine(a), sine(a)),
  sec: (a) => invertBall(cosine(a)),
  csc: (a) => invertBall(sine(a)),
  arcsin: arcSine,
  arccos: arcCosine,
  arctan: arcTangent,
  arccot: (a) => subtract(half(PI), arcTangent(a)),
  sinh: hyperbolicSine,
  cosh: hyperbolicCosine,
  tanh: (a) => divide(hyperbolicSine(a), hyperbolicCosine(a)),
  coth: (a) => divide(hyperbolicCosine(a), hyperbolicSine(a)),
  sech: (a) => invertBall(hyperbolicCosine(a)),
  csch: (a) => invertBall(hyperbolicSine(a)),
  arcsinh: (a) => logarithm(addBalls(a, squareRoot(addBalls(multiplyBalls(a, a), real(1))))),
  arccosh: (a) =>
    logarithm(addBalls(a, multiplyBalls(squareRoot(subtract(a, real(1))), squareRoot(addBalls(a, real(1)))))),
  arctanh: (a) => half(subtract(logarithm(addBalls(real(1), a)), logarithm(subtract(real(1), a)))),
  exp: exponential,
  ln: logarithm,
  sqrt: squareRoot,
  cbrt: (a) => root(a, 3),
  cis: (a) => exponential(multiplyBalls(I, a)),
  conjugate: (a) => ({ ...a, im: a.im.neg() }),
  re: (a) => ball(a.re, undefined, a.error),
  im: (a) => ball(a.im, undefined, a.error),
  arg: (a) => FUNCTIONS_OF_ONE.im(logarithm(a)),
  sgn: (a) => real(signOf(a) || undecided()),
  absolute: (a) => ball(size(a), undefined, a.error),
  floor: (a) => real(stepped(a, 'floor')),
  ceil: (a) => real(stepped(a, 'ceil')),
};

function undecided(): never {
  throw new NoValueError('a sign that cannot be told');
}

function stepped(a: Ball, step: 'floor' | 'ceil'): Decimal {
  const [low, high] = [a.re.minus(a.error)[step](), a.re.plus(a.error)[step]()];
  if (!isReal(a) || !low.equals(high) || bound(a).greaterThan('1e40'))
    throw new NoValueError('a step that cannot be told');
  return low;
}

/** a^b on the principal branch. */
export function generalPower(a: Ball, b: Ball): Ball {
  if (isReal(a) && a.re.isZero() && a.error.isZero()) {
    if (signOf(b) > 0) return a;
    throw new NoValueError('a power of zero');
  }
  return exponential(multiplyBalls(b, logarithm(a)));
}
