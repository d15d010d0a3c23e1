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
