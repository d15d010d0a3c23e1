import type { Node } from '../read/node.js';
import { different, type Outcome, same } from './outcome.js';

type Clock = Extract<Node, { kind: 'clock' }>;
type CalendarDate = Extract<Node, { kind: 'date' }>;

const HALF_DAY = 12 * 60;

/** Compares two times of day; am and pm count where both are given or the hour tells. */
export function compareClocks(gold: Clock, prediction: Clock): Outcome {
  const [left, right] = [minutesOf(gold), minutesOf(prediction)];
  const equal =
    gold.seconds === prediction.seconds && (left === right || halfUnknown(gold, prediction, left, right));
  return equal ? same('time', 'the same time') : different('time', 'another time');
}

/**
 * Whether `5:12` against `10:24` may be the same ratio: neither is written as only a time is (am, pm, seconds, a zero in
 * front), and the gold is in lowest terms. A gold ratio is, so that a gold `10:24` is a time of day, which 5:12 is not.
 */
export function mayBeRatios(gold: Clock, prediction: Clock): boolean {
  const [hours, minutes] = [Math.floor(gold.minutes / 60), gold.minutes % 60];
  return (
    [gold, prediction].every(
      ({ half, padded, ratio }) =>
        half === '' && !padded && ratio.kind === 'ratio' && ratio.parts.length === 2,
    ) && commonDivisor(hours, minutes) === 1
  );
}

const commonDivisor = (a: number, b: number): number => (b === 0 ? a : commonDivisor(b, a % b));

function minutesOf(clock: Clock): number {
  if (clock.half === '') return clock.minutes;
  return (clock.minutes % HALF_DAY) + (clock.half === 'pm' ? HALF_DAY : 0);
}

/** `3:30` may be half past three in the afternoon if only the other side says so. */
function halfUnknown(gold: Clock, prediction: Clock, left: number, right: number): boolean {
  if ((gold.half === '') === (prediction.half === '')) return false;
  const open = gold.half === '' ? gold : prediction;
  return open.minutes < HALF_DAY + 60 && left % HALF_DAY === right % HALF_DAY;
}

/** Compares two dates; a missing year is accepted. */
export function compareDates(gold: CalendarDate, prediction: CalendarDate): Outcome {
  const equal =
    gold.month === prediction.month &&
    gold.day === prediction.day &&
    (gold.year === prediction.year || gold.year === null || prediction.year === null);
  return equal ? same('date', 'the same day') : different('date', 'another day');
}
