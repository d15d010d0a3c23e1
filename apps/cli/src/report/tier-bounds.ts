import type { TierRange } from '@midtrain/curriculum';

/** A tier's range as JSON has it: null where it has no bound. */
export interface TierBounds {
  readonly name: string;
  /** Nats; exclusive. */
  readonly from: number | null;
  /** Nats; inclusive. */
  readonly to: number | null;
}

const finite = (nats: number): number | null => (Number.isFinite(nats) ? nats : null);

export const tierBounds = ({ name, from, to }: TierRange): TierBounds => ({
  name,
  from: finite(from),
  to: finite(to),
});

/** A range in words. */
export function boundsText({ from, to }: Omit<TierBounds, 'name'>): string {
  if (from === null) return to === null ? 'all' : `up to ${to}`;
  return to === null ? `above ${from}` : `${from} to ${to}`;
}
