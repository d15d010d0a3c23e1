import { describe, expect, it } from 'vitest';
import { checkGradeOptions, type GradeOptions } from '../grade/options.js';
import { readMath } from '../read/read.js';
import { compareNodes } from './compare.js';
import type { Outcome } from './outcome.js';

const compare = (gold: string, prediction: string, options: GradeOptions = {}): Outcome =>
  compareNodes(readMath(gold, 'latex')!, readMath(prediction, 'latex')!, checkGradeOptions(options));

describe('compareNodes', () => {
  it.each([
    // gold, prediction, equal, the rule that decides
    ['x+1', '1+x', true, 'same-expression'],
    ['\\frac{6}{4}', '1.5', true, 'exact-value'],
    ['\\frac{1}{3}', '0.333333', true, 'rounded-value'],
    ['\\frac{1}{3}', '0.33', false, 'rounded-value'],
    ['\\sqrt8', '2\\sqrt2', true, 'interval-arithmetic'],
    ['\\pi', '\\frac{355}{113}', false, 'interval-arithmetic'],
    ['(x+1)^2', 'x^2+2x+1', true, 'random-points'],
    ['5\\text{ m}', '500\\text{ cm}', true, 'unit'],
    ['5\\text{ m}', '5\\text{ cm}', false, 'unit'],
    ['50\\%', '0.5', true, 'percent'],
    ['3{:}30', '3:30 p.m.', true, 'time'],
    ['March 5', '5 March 1999', true, 'date'],
    ['2x+4y=6', 'x+2y=3', true, 'equation'],
    ['x>2', '(2,\\infty)', true, 'inequality'],
    ['(2,\\infty)', 'x>2', false, 'kinds-differ'],
    ['\\{1,2\\}', '2,1', true, 'set'],
    ['(1,2)', '(2,1)', false, 'tuple'],
    ['(1,2)', '[1,2]', false, 'interval'],
    ['\\begin{pmatrix}1&2\\end{pmatrix}', '\\begin{pmatrix}1\\\\2\\end{pmatrix}', false, 'matrix'],
    ['\\text{yes}', '\\text{Yes}', true, 'text'],
    ['10^{10^{10}}', '10^{10^{11}}', false, 'undecided'],
    ['\\int_0^1 x\\,dx', '\\frac12', false, 'undecided'],
  ])('%s against %s is %s by %s', (gold, prediction, equal, rule) => {
    expect(compare(gold, prediction)).toMatchObject({ equal, rule });
  });

  it('is not symmetric where the form of the gold decides', () => {
    expect(compare('5', 'x=5').equal && compare('x=5', '5').equal).toBe(true);
    expect(compare('7=11a+c', '11a+c').equal).toBe(false);
    expect(compare('x>2', '(2,\\infty)').equal).toBe(true);
    expect(compare('(2,\\infty)', 'x>2').equal).toBe(false);
    expect(compare('(2,\\infty)', 'x>2', { allowSetRelation: true }).equal).toBe(true);
    expect(compare('1,1,2', '1,2').equal).toBe(false);
    expect(compare('1,2', '1,2,2').equal).toBe(true);
  });

  it('matches variables by name, or by position where it is not strict', () => {
    expect(compare('x^2+1', 'y^2+1').equal).toBe(false);
    expect(compare('x^2+1', 'y^2+1', { strict: false }).equal).toBe(true);
    expect(compare('\\{1,2\\}', '(1,2)').equal).toBe(false);
    expect(compare('\\{1,2\\}', '(1,2)', { strict: false }).equal).toBe(true);
    expect(compare('f(x)=2x', 'f(y)=2y').equal).toBe(true);
    expect(compare('f(x)=2x', 'f(y)=2x').equal).toBe(false);
    expect(compare('x=1,2', 'y=1,2').equal).toBe(false);
    expect(compare('x=1,x=2', 'x_1=2,x_2=1').equal).toBe(true);
    expect(compare('a_1=1,a_2=2', 'a_1=2,a_2=1').equal).toBe(false);
  });

  it('says for every verdict why', () => {
    for (const [gold, prediction] of [
      ['1', '2'],
      ['x', 'x'],
      ['(1,2)', '3'],
      ['x<1', 'x>1'],
    ])
      expect(compare(gold, prediction).reason).not.toBe('');
  });
});

describe('inequalities', () => {
  it.each([
    ['|x+1| < 3', '-4<x<2', true],
    ['|2x+1|\\le 7', '-4\\le x\\le 3', true],
    ['|2x+1|\\le 7', '[-4,3]', true],
    ['|x-2| > 1', 'x<1 \\text{ or } x>3', true],
    ['-4<x<2', '|x+1| < 3', true],
    ['|f(x)-1|<2', '-1<f(x)<3', true],
    ['\\sqrt2 x < 2', 'x < \\sqrt2', true],
    ['|x+1| < 3', 'x<2', false],
    ['x \\ge 3', '|x+2| \\ge 5', false],
    ['(-\\infty,3]', '\\{x : |2x+1|\\le 7\\}', false],
    ['[-4,3]', '\\{x : |2x+1|\\le 7\\}', true],
    ['\\lfloor x \\rfloor > 2', 'x>2', false],
    ['\\lceil x \\rceil > 2', 'x>2', false],
    ['x>0', 'x^3-6x^2+6x > 0', false],
  ])('%s against %s is %s', (gold, prediction, equal) => {
    expect(compare(gold, prediction).equal).toBe(equal);
  });
});

describe('piecewise answers', () => {
  const cases = (...rows: string[]): string => `\\begin{cases}${rows.join('\\\\')}\\end{cases}`;
  const gold = cases('x^2 & x \\leq 0', '2x+1 & x > 0');

  it.each([
    [cases('x^2, & \\text{if } x \\le 0', '1+2x, & \\text{if } x > 0.'), true],
    [cases('2x+1 & 0 < x', 'x\\cdot x & x \\le 0'), true],
    [cases('x^2 & \\text{for $x \\le 0$}', '2x+1 & \\text{for $x>0$}'), true],
    [cases('x^2 & x \\in (-\\infty, 0]', '2x+1 & x > 0'), true],
    [cases('x^2 & x < 0', '2x+1 & x \\ge 0'), false],
    [cases('x^2 & x > 0', '2x+1 & x \\le 0'), false],
    [cases('x^2 & x \\le 0', '2x+2 & x > 0'), false],
    [cases('x^2 & x \\le 0'), false],
    [cases('x^2 & x \\le 0', '2x+1 & x > 0', '3 & x = 7'), false],
    [cases('x^2 & x \\le 0', '2x+1 & \\text{otherwise}'), false],
    ['x^2', false],
  ])('%# is %s', (prediction, equal) => {
    expect(compare(gold, prediction).equal, prediction).toBe(equal);
    expect(compare(`f(x) = ${gold}`, `f(x) = ${prediction}`).equal, prediction).toBe(equal);
  });

  it('hold elsewhere what they hold otherwise', () => {
    const words = (condition: string, rest: string): string => cases(`1 & ${condition}`, `0 & ${rest}`);
    const gold = words('\\text{if } n \\text{ is even}', '\\text{otherwise}');
    expect(compare(gold, words('n\\text{ is even},', '\\text{else}')).equal).toBe(true);
    expect(compare(gold, words('\\text{if $n$ is even}', '')).equal).toBe(true);
    expect(compare(gold, words('n\\text{ is not even}', '\\text{otherwise}')).equal).toBe(false);
    expect(compare(gold, words('n\\text{ is odd}', '\\text{otherwise}')).equal).toBe(false);
    expect(compare(gold, words('\\text{otherwise}', 'n\\text{ is even}')).equal).toBe(false);
  });
});

describe('times and ratios', () => {
  it.each([
    // gold, prediction, equal, the rule that decides
    ['5:12', '10:24', true, 'exact-value'],
    ['2:15', '4:30', true, 'exact-value'],
    ['5:12', '10:25', false, 'time'],
    ['5:12', '25:60', true, 'exact-value'],
    // A gold that could be reduced is a time.
    ['10:24', '5:12', false, 'time'],
    ['3:30', '1:10', false, 'time'],
    ['3:30', '7:00', false, 'time'],
    // So is what only a time is written like.
    ['1:10', '03:30', false, 'time'],
    ['1:05', '2:10', false, 'time'],
    ['2:15\\text{ p.m.}', '4:30', false, 'time'],
    ['2:15', '2:15\\text{ p.m.}', true, 'time'],
    ['1:15:20', '2:30:40', false, 'time'],
  ])('%s against %s is %s by %s', (gold, prediction, equal, rule) => {
    expect(compare(gold, prediction)).toMatchObject({ equal, rule });
  });
});

describe('precision', () => {
  it('rounds written decimals to places, and keeps digits of small numbers', () => {
    expect(compare('3.14', '\\pi', { precision: 2 }).equal).toBe(true);
    expect(compare('3.14', '\\pi', { precision: 3 }).equal).toBe(false);
    expect(compare('0.0000001', '0.0000002').equal).toBe(false);
    expect(compare('0.0000001', '10^{-7}').equal).toBe(true);
  });

  it('rounds to significant digits where asked to, whatever the size', () => {
    for (const size of [-9, -3, 0, 4, 12]) {
      const number = (digits: string): string => `${digits}e${size}`;
      expect(compare(number('1.235'), number('1.2349'), { significantDigits: 4 }).equal).toBe(true);
      expect(compare(number('1.235'), number('1.236'), { significantDigits: 4 }).equal).toBe(false);
    }
  });

  it('never rounds what nobody wrote as a decimal', () => {
    expect(compare('10^{-9}', '0', { precision: 2 }).equal).toBe(false);
    expect(compare('\\frac{1}{2004!}', '\\frac{1}{2005!}').equal).toBe(false);
    expect(compare('\\pi', '\\frac{22}{7}', { precision: 2 }).equal).toBe(false);
  });

  it('takes a tolerance as the largest difference', () => {
    expect(compare('2.65', '2.66', { tolerance: 0.01 }).equal).toBe(true);
    expect(compare('2.65', '2.6601', { tolerance: 0.01 }).equal).toBe(false);
  });
});

describe('±', () => {
  it('stands for every choice of signs, and ∓ for the other one', () => {
    expect(compare('\\pm1\\pm2', '3,1,-1,-3').equal).toBe(true);
    expect(compare('1\\pm2', '3,-1').equal).toBe(true);
    expect(compare('\\pm1\\mp2', '-1,1').equal).toBe(true);
    expect(compare('\\pm1\\mp2', '3,1,-1,-3').equal).toBe(false);
    expect(compare('\\pm2', '2').equal).toBe(false);
  });

  it('is compared by form where it stands too often', () => {
    const many = Array.from({ length: 7 }, (_, index) => `\\pm ${index + 1}`).join('');
    expect(compare(many, many).equal).toBe(true);
    expect(compare(many, `${many}+0`)).toMatchObject({ equal: false, rule: 'undecided' });
  });
});

describe('matrices', () => {
  const matrix = (...rows: string[]): string => `\\begin{pmatrix}${rows.join('\\\\')}\\end{pmatrix}`;

  it('add, multiply and scale', () => {
    const [a, b] = [matrix('1&2', '3&4'), matrix('5&6', '7&8')];
    expect(compare(matrix('19&22', '43&50'), `${a}${b}`).equal).toBe(true);
    expect(compare(matrix('23&34', '31&46'), `${b}${a}`).equal).toBe(true);
    expect(compare(matrix('6&8', '10&12'), `${a}+${b}`).equal).toBe(true);
    expect(compare(matrix('\\frac12&1', '\\frac32&2'), `\\frac12 ${a}`).equal).toBe(true);
    expect(compare(a, b).equal).toBe(false);
  });

  it('of one column or row are vectors', () => {
    expect(compare('(1,2,3)', matrix('1', '2', '3')).equal).toBe(true);
    expect(compare('\\langle 2,-3\\rangle', '2\\mathbf{i}-3\\mathbf{j}').equal).toBe(true);
    expect(compare('(2,3)', '2\\mathbf{i}-3\\mathbf{j}').equal).toBe(false);
  });
});

describe('quantities', () => {
  it.each([
    ['11\\text{ m}', '5\\text{ m}+6\\text{ m}', true],
    ['5.06\\text{ m}', '5\\text{ m}+6\\text{ cm}', true],
    ['30\\text{ m}^2', '5\\text{ m}\\cdot 6\\text{ m}', true],
    ['30\\text{ m}', '5\\text{ m}\\cdot 6\\text{ m}', false],
    ['20\\text{ m/s}', '\\frac{100\\text{ m}}{5\\text{ s}}', true],
    ['11', '5\\text{ cm}+6\\text{ kg}', false],
    ['66\\text{ in}', '5\\text{ feet }6\\text{ inches}', true],
    ['30.25^\\circ', "30^\\circ 15'", true],
    ['\\frac{\\pi}{2}', '90^\\circ', true],
    ['90', '\\frac{\\pi}{2}', false],
    ['12', '12\\text{ apples}', true],
    ['12\\text{ apples}', '12\\text{ pears}', false],
    ['20\\text{ dollars}', '2000\\text{ cents}', true],
    ['20\\text{ dollars}', '20\\text{ euros}', false],
  ])('%s against %s is %s', (gold, prediction, equal) => {
    expect(compare(gold, prediction).equal).toBe(equal);
  });
});
