import { rational } from '../value/rational.js';
import type { Node } from './node.js';

const CLOCK = /^(?:at\s+)?(\d{1,2}):(\d{2})(?::(\d{2}))?\s*(?:([ap])\.?\s?m\.?)?\.?$/i;
const HOUR = /^(\d{1,2})\s*([ap])\.?\s?m\.?$/i;
const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];
const MONTH = `(${MONTHS.map((name) => `${name}|${name.slice(0, 3)}\\.?`).join('|')}|sept\\.?)`;
const MONTH_FIRST = new RegExp(`^${MONTH}\\s+(\\d{1,2})(?:st|nd|rd|th)?(?:\\s*,?\\s*(\\d{4}))?$`, 'i');
const DAY_FIRST = new RegExp(
  `^(?:the\\s+)?(\\d{1,2})(?:st|nd|rd|th)?(?:\\s+of)?\\s+${MONTH}(?:\\s*,?\\s*(\\d{4}))?$`,
  'i',
);
const ISO = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Reads a time of day or a date, else `null`. */
export function readClockOrDate(source: string): Node | null {
  if (source.length > 80) return null;
  const text = plainText(source);
  return readClock(text) ?? readDate(text);
}

const plainText = (source: string): string =>
  source
    .replace(/\\(?:text|mathrm|mbox|textbf|textrm)\s*\{([^{}]*)\}/g, '$1')
    .replace(/\\[,;:! ]|~/g, ' ')
    .replace(/\{:\}/g, ':')
    .replace(/^\$|\$$/g, '')
    .replace(/\s+/g, ' ')
    .replace(/[.,;]$/, (sign, offset: number) => (/[ap]\.\s?m$/i.test(source.slice(0, offset)) ? sign : ''))
    .trim();

function readClock(text: string): Node | null {
  const hour = HOUR.exec(text);
  const match = hour ? [text, hour[1], '00', undefined, hour[2]] : CLOCK.exec(text);
  if (!match) return null;
  const [hours, minutes, seconds] = [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
  if (hours > 24 || minutes > 59 || seconds > 59) return null;
  const half = match[4] ? (match[4].toLowerCase() === 'a' ? 'am' : 'pm') : '';
  if (half !== '' && (hours < 1 || hours > 12)) return null;
  const number = (value: number): Node => ({
    kind: 'number',
    value: rational(BigInt(value))!,
    decimal: false,
  });
  const ratio: Node = { kind: 'ratio', parts: [hours, minutes, ...(match[3] ? [seconds] : [])].map(number) };
  const padded = /^0|:0/.test(`${match[1]}:${match[2]}`);
  return { kind: 'clock', minutes: hours * 60 + minutes, seconds, half, padded, ratio };
}

function readDate(text: string): Node | null {
  const iso = ISO.exec(text);
  if (iso) return date(iso[1], Number(iso[2]), iso[3]);
  const first = MONTH_FIRST.exec(text);
  if (first) return date(first[3], monthNumber(first[1]), first[2]);
  const day = DAY_FIRST.exec(text);
  return day ? date(day[3], monthNumber(day[2]), day[1]) : null;
}

const monthNumber = (name: string): number =>
  MONTHS.findIndex((month) => month.startsWith(name.slice(0, 3).toLowerCase())) + 1;

function date(year: string | undefined, month: number, day: string): Node | null {
  if (month < 1 || month > 12 || Number(day) < 1 || Number(day) > 31) return null;
  return { kind: 'date', year: year ? Number(year) : null, month, day: Number(day) };
}
