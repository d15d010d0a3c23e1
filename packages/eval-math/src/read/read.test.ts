import { describe, expect, it } from 'vitest';
import { key } from '../compare/key.js';
import { readMath } from './read.js';

/** The tree as a line: prefix notation, arguments of sums and products sorted. */
const tree = (text: string, notation: 'latex' | 'plain' = 'latex'): string | null => {
  const node = readMath(text, notation);
  return node && key(node);
};

describe('readMath', () => {
  it.each([
    // precedence
    ['2+3x^2', '(+ (* (power x 2) 3) 2)'],
    ['-x^2', '(negate (power x 2))'],
    ['2^{3^2}', '(power 2 (power 3 2))'],
    ['1/2x', '(* (divide 1 2) x)'],
    ['a/b/c', '(divide (divide a b) c)'],
    ['\\sin 2x', '(sin (* 2 x))'],
    ['\\sin x \\cos y', '(* (cos y) (sin x))'],
    ['\\sin^2 x', '(power (sin x) 2)'],
    ['\\sin^{-1} x', '(arcsin x)'],
    ['\\log_2 8', '(log 8 2)'],
    ['n!', '(factorial n)'],
    ['7!!', '(doubleFactorial 7)'],
    // short forms
    ['\\frac12', '(divide 1 2)'],
    ['\\frac1{23}', '(divide 1 23)'],
    ['\\sqrt2', '(sqrt 2)'],
    ['\\sqrt ab', '(* (sqrt a) b)'],
    ['\\sqrt abc', '(* (* b c) (sqrt a))'],
    ['\\sqrt pi', '(sqrt \\pi)'],
    ['\\frac ab', '(divide a b)'],
    ['\\frac abc', '(* (divide a b) c)'],
    ['\\frac a{bc}', '(divide a (* b c))'],
    ['\\frac1x', '(divide 1 x)'],
    ['\\binom nk', '(binom n k)'],
    ['\\overline{AB}', 'AB'],
    ['\\sqrt[3]{x}', '(root x 3)'],
    ['1\\frac12', '(+ (divide 1 2) 1)'],
    ['{n \\choose k}', '(binom n k)'],
    ['a(b+c)', '(* (+ b c) a)'],
    ['f(x)', '(f x)'],
    ['f^{-1}(x)', '(f^-1 x)'],
    ['x_{12}', 'x_12'],
    ['F_{n-k}', '(F_ (+ (negate k) n))'],
    // lists and brackets
    ['1, 2 \\text{ and } 3', '( 1 , 2 , 3)'],
    ['(1, 2]', '((] 1 , 2)'],
    ['[1, 2[', '([) 1 , 2)'],
    ['\\{1; 2\\}', '({} 1 , 2)'],
    ['\\langle 1, 2\\rangle', '(<> 1 , 2)'],
    ['|x|', '(absolute x)'],
    ['3 : 4', '(ratio 3 4)'],
    ['x < -1 \\text{ or } x > 2', '( (< x , (negate 1)) or (> x , 2))'],
    ['1 < x \\le 2', '(<<= 1 , x , 2)'],
    ['x = 1/3 \\approx 0.33', '(= x , (divide 1 3))'],
    ['A \\cup B', '(union A B)'],
    ['x \\in \\mathbb{R}', '(in x \\reals)'],
    ['\\pm 2', '(± 1 2)'],
    ['\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}', '(matrix 1 & 2 \\ 3 & 4)'],
    ['17 \\equiv 3 \\pmod 7', '(= 17 , (\\residue 3 7))'],
    ['x \\equiv 10 \\pmod 7', '(= x , (\\residue 3 7))'],
    // piecewise
    [
      '\\begin{cases} x^2, & \\text{if } x \\ge 0, \\\\ -x & \\text{otherwise.} \\end{cases}',
      '({} (() (power x 2) , (>= x , 0)) , (() (negate x) , "otherwise"))',
    ],
    [
      '\\begin{dcases} 1 & n \\text{ is odd} \\\\ 2 & \\end{dcases}',
      '({} (() 1 , "n \\text{ is odd}") , (() 2 , "otherwise"))',
    ],
    [
      '\\left\\{\\begin{array}{ll} 1, & x > 0 \\\\ 2, & x \\le 0 \\end{array}\\right.',
      '({} (() 1 , (> x , 0)) , (() 2 , (<= x , 0)))',
    ],
    ['\\begin{cases} x = 1 \\\\ y = 2 \\end{cases}', '( (= x , 1) , (= y , 2))'],
    // numbers
    ['1{,}234', '1234'],
    ['1,234,567', '1234567'],
    ['1\\,000', '1000'],
    ['0.\\overline{3}', '1/3'],
    ['0.1(6)', '1/6'],
    ['0.333...', '1/3'],
    ['1.5 \\text{ million}', '1500000'],
    ['1.5e3', '1500'],
    ['204_5', '(base 5 204)'],
    ['204_{\\text{five}}', '(base 5 204)'],
    ['0xFF', '(base 16 ff)'],
    // Unicode
    ['−3×√2', '(negate (* (sqrt 2) 3))'],
    ['x² ≤ ½', '(<= (power x 2) , (divide 1 2))'],
    ['２π', '(* 2 \\pi)'],
    // units
    ['5\\text{ cm}^2', '(unit area 1/10000 5)'],
    ['5 \\frac{\\text{m}}{\\text{s}}', '(unit speed 1/1 5)'],
    ['\\$3.50', '(unit dollar 1/1 7/2)'],
    ['90^\\circ', '(degrees 90)'],
    ['25^\\circ\\text{C}', '(unit temperature 1/1 25)'],
    ['50\\%', '(percent 50)'],
    // kept as written
    ['\\int_0^1 x\\,dx', '\\int_0^1xdx'],
    ['\\frac{d}{dx} x^2', '\\frac{d}{dx}x^2'],
  ])('reads %s as %s', (latex, expected) => {
    expect(tree(latex)).toBe(expected);
  });

  it.each([
    ['1,50', '3/2'],
    ['1 000,5', '2001/2'],
    ['3 to 4', '(ratio 3 4)'],
    ['(1,2) U (3,4)', '(union (() 1 , 2) (() 3 , 4))'],
    ['sqrt(2)/2', '(divide (sqrt 2) 2)'],
    ['2 pi', '(* 2 \\pi)'],
    ['e^xe^y', '(* (power \\e x) (power \\e y))'],
    ['12 apples', '(unit noun:apple 1/1 12)'],
    ['twenty-one', '21'],
  ])('reads the plain text %s as %s', (text, expected) => {
    expect(tree(text, 'plain')).toBe(expected);
  });

  it('parts every comma where told to', () => {
    expect(key(readMath('12,345', 'latex', 'list')!)).toBe('( 12 , 345)');
  });

  it.each([
    '',
    ' ',
    '(1, 2',
    '1)',
    '\\frac{1}',
    '\\sqrt',
    'x >',
    '> 3',
    '1 +',
    '2_2',
    'the cat sat',
    '\\begin{pmatrix} 1 & 2 \\\\ 3 \\end{pmatrix}',
    '\\begin{unknown} 1 \\end{unknown}',
    '\\begin{cases} 1 & x > 0 & 2 \\end{cases}',
    '\\begin{cases} 1 \\\\ 2 & x > 0 \\end{cases}',
    '\\begin{vmatrix} 1 & 2 \\end{vmatrix}',
    '1'.repeat(10_001),
    '{'.repeat(70) + '}'.repeat(70),
    'x '.repeat(2_500),
    `${'a'.repeat(50)}`,
  ])('does not read %j', (text) => {
    expect(readMath(text, 'latex')).toBeNull();
  });
});
