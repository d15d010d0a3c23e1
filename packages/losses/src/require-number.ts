import { LossesError } from './losses-error.js';

/** Bounds of a numeric option; `from` and `to` are allowed themselves, `above` is not. */
export interface NumberBounds {
  readonly from?: number;
  readonly above?: number;
  readonly to?: number;
}

function describe({ from, above, to }: NumberBounds): string {
  const parts = ['a finite number'];
  if (from !== undefined) parts.push(`>= ${from}`);
  if (above !== undefined) parts.push(`> ${above}`);
  if (to !== undefined) parts.push(`<= ${to}`);
  return parts.join(' ');
}

/**
 * Returns `value` when it is a finite number within `bounds`.
 *
 * @throws LossesError `invalid_option`, naming `field`, its bounds and what was given.
 */
export function requireNumber(field: string, value: number, bounds: NumberBounds): number {
  const {
    from = Number.NEGATIVE_INFINITY,
    above = Number.NEGATIVE_INFINITY,
    to = Number.POSITIVE_INFINITY,
  } = bounds;
  if (Number.isFinite(value) && value >= from && value > above && value <= to) return value;
  throw new LossesError('invalid_option', `${field} must be ${describe(bounds)}, got ${value}`);
}

/**
 * Returns `value` when it is one of `allowed`.
 *
 * @throws LossesError `invalid_option`, naming `field`, the allowed values and what was given.
 */
export function requireOneOf<T extends string>(field: string, value: T, allowed: readonly T[]): T {
  if (allowed.includes(value)) return value;
  throw new LossesError('invalid_option', `${field} must be one of ${allowed.join(', ')}, got ${value}`);
}
