/**
 * A unit of measure: its dimension, and how many base units of that dimension one is.
 * A noun that measures nothing known (`apples`) has the dimension `noun:apple` and the factor 1.
 */
export interface Unit {
  readonly name: string;
  readonly dimension: string;
  readonly top: bigint;
  readonly bottom: bigint;
}

/** dimension → [factor as a decimal or fraction, names…]; the base unit has factor 1. */
const TABLE: ReadonlyArray<readonly [dimension: string, factor: string, names: string]> = [
  ['length', '1', 'm meter meters metre metres'],
  ['length', '1/100', 'cm centimeter centimeters centimetre centimetres'],
  ['length', '1/1000', 'mm millimeter millimeters millimetre millimetres'],
  ['length', '1/10', 'dm decimeter decimeters decimetre decimetres'],
  ['length', '1/1000000', 'um μm micrometer micrometers micron microns'],
  ['length', '1/1000000000', 'nm nanometer nanometers nanometre nanometres'],
  ['length', '1000', 'km kms kilometer kilometers kilometre kilometres'],
  ['length', '127/5000', 'in inch inches'],
  ['length', '381/1250', 'ft foot feet'],
  ['length', '1143/1250', 'yd yds yard yards'],
  ['length', '201168/125', 'mi mile miles'],
  ['mass', '1', 'kg kgs kilogram kilograms'],
  ['mass', '1/1000', 'g gm gram grams'],
  ['mass', '1/1000000', 'mg milligram milligrams'],
  ['mass', '1000', 't ton tons tonne tonnes'],
  ['mass', '45359237/100000000', 'lb lbs pound pounds'],
  ['mass', '45359237/1600000000', 'oz ounce ounces'],
  ['time', '1', 's sec secs second seconds'],
  ['time', '1/1000', 'ms millisecond milliseconds'],
  ['time', '60', 'min mins minute minutes'],
  ['time', '3600', 'h hr hrs hour hours'],
  ['time', '86400', 'day days'],
  ['time', '604800', 'week weeks'],
  ['month', '1', 'month months'],
  ['month', '12', 'year years yr yrs'],
  ['volume', '1/1000', 'l L liter liters litre litres'],
  ['volume', '1/1000000', 'ml mL milliliter milliliters millilitre millilitres cc'],
  ['volume', '473176473/125000000000', 'gal gallon gallons'],
  ['volume', '473176473/500000000000', 'qt quart quarts'],
  ['volume', '473176473/1000000000000', 'pt pint pints'],
  ['volume', '473176473/2000000000000', 'cup cups'],
  ['area', '10000', 'ha hectare hectares'],
  ['area', '316160658/78125', 'acre acres'],
  ['speed', '1397/3125', 'mph'],
  ['speed', '5/18', 'kph kmh kmph'],
  ['angle', '1', '° deg degree degrees'],
  ['radian', '1', 'rad radian radians'],
  ['temperature', '1', '°C celsius'],
  ['fahrenheit', '1', '°F fahrenheit'],
  ['kelvin', '1', 'K kelvin kelvins'],
  ['force', '1', 'N newton newtons'],
  ['energy', '1', 'J joule joules'],
  ['energy', '1000', 'kJ kilojoule kilojoules'],
  ['power', '1', 'W watt watts'],
  ['power', '1000', 'kW kilowatt kilowatts'],
  ['frequency', '1', 'Hz hertz'],
  ['charge', '1', 'coulomb coulombs'],
  ['voltage', '1', 'V volt volts'],
  ['current', '1', 'amp amps ampere amperes'],
  ['resistance', '1', 'Ω ohm ohms'],
  ['pressure', '1', 'Pa pascal pascals'],
  ['pressure', '1000', 'kPa kilopascal kilopascals'],
  ['amount', '1', 'mol mole moles'],
  ['dollar', '1', '$ usd USD dollar dollars'],
  ['dollar', '1/100', '¢ cent cents'],
  ['euro', '1', '€ eur EUR euro euros'],
  ['sterling', '1', '£ gbp GBP'],
  ['rupee', '1', '₹ inr INR rupee rupees rs'],
  ['yen', '1', '¥ jpy JPY yen'],
  ['yuan', '1', 'cny rmb CNY RMB yuan'],
  ['byte', '1', 'byte bytes'],
  ['byte', '1024', 'KB kilobyte kilobytes'],
  ['bit', '1', 'bit bits'],
];

function parseFactor(text: string): { top: bigint; bottom: bigint } {
  const [top, bottom = '1'] = text.split('/');
  return { top: BigInt(top), bottom: BigInt(bottom) };
}

const UNITS: ReadonlyMap<string, Unit> = new Map(
  TABLE.flatMap(([dimension, factor, names]) =>
    names.split(' ').map((name) => [name, { name, dimension, ...parseFactor(factor) }] as const),
  ),
);

/** Short names that are also variables (`m`, `s`, `h`) count as units only where the writer set them apart as text. */
const ALSO_A_VARIABLE = new Set(['m', 'g', 's', 't', 'h', 'l', 'L', 'N', 'J', 'W', 'V', 'K', 'in', '$']);

/** The unit of that name; case matters for short symbols only. */
export function findUnit(name: string): Unit | undefined {
  return UNITS.get(name) ?? (name.length > 3 ? UNITS.get(name.toLowerCase()) : undefined);
}

/** Whether the bare word `name`, not marked as text, can only be a unit. */
export const isPlainUnit = (name: string): boolean =>
  !ALSO_A_VARIABLE.has(name) && findUnit(name) !== undefined;

/** unit to a whole power: cm³ measures the dimension `length^3`; a cubed length is also a volume. */
function raiseUnit(unit: Unit, exponent: number): Unit {
  if (exponent === 1) return unit;
  const times = BigInt(Math.abs(exponent));
  const [top, bottom] = exponent > 0 ? [unit.top, unit.bottom] : [unit.bottom, unit.top];
  const dimension = raisedDimension(unit.dimension, exponent);
  return { name: `${unit.name}^${exponent}`, dimension, top: top ** times, bottom: bottom ** times };
}

function raisedDimension(dimension: string, exponent: number): string {
  if (dimension === 'length' && exponent === 2) return 'area';
  if (dimension === 'length' && exponent === 3) return 'volume';
  return `${dimension}^${exponent}`;
}

/** One unit per another: km/h is a speed. */
function divideUnits(top: Unit, bottom: Unit): Unit {
  const dimension =
    top.dimension === 'length' && bottom.dimension === 'time'
      ? 'speed'
      : `${top.dimension}/${bottom.dimension}`;
  return {
    name: `${top.name}/${bottom.name}`,
    dimension,
    top: top.top * bottom.bottom,
    bottom: top.bottom * bottom.top,
  };
}

/** A counted thing, such as `apples`: comparable with the same noun only. */
function nounUnit(words: string): Unit {
  const singular = words
    .toLowerCase()
    .replace(/[^\p{L} ]/gu, '')
    .trim()
    .replace(/(?<=[a-z]{2})ies$/, 'y')
    .replace(/(?<=(?:s|x|z|ch|sh))es$|(?<=[a-rt-z])s$/, '');
  return { name: words, dimension: `noun:${singular}`, top: 1n, bottom: 1n };
}

const POWER_WORDS: Readonly<Record<string, number>> = {
  square: 2,
  sq: 2,
  squared: 2,
  cubic: 3,
  cu: 3,
  cubed: 3,
};

/** Reads `cm`, `cm^2`, `square feet`, `km/h`, `miles per hour`; a noun where no word is a known unit. */
export function readUnit(source: string): Unit | null {
  const text = source
    .replace(/[{}\\.,]/g, ' ')
    .replace(/[²³]/g, (sign) => (sign === '²' ? '^2' : '^3'))
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/(?<=\bmonths?|\byears?|\bdays?|\bweeks?) old$/, '');
  if (text === '' || text.length > 60) return null;
  const halves = text.split(/\s*\/\s*|\s+per\s+/);
  if (halves.length > 2) return null;
  const parts = halves.map(readSingleUnit);
  if (parts.every((part) => part !== null)) {
    return parts.length === 2 ? divideUnits(parts[0]!, parts[1]!) : parts[0]!;
  }
  const noun = text.replace(/\s*\^\s*[23]$/, '');
  return /^[\p{L}][\p{L} '-]*$/u.test(noun) ? nounUnit(noun) : null;
}

function readSingleUnit(text: string): Unit | null {
  const degrees = /^(?:degrees?|deg)\s+(c|celsius|f|fahrenheit)$/i.exec(text);
  if (degrees) return findUnit(/^c/i.test(degrees[1]) ? 'celsius' : 'fahrenheit') ?? null;
  const direct = findUnit(text) ?? (text.length > 2 ? findUnit(text.toLowerCase()) : undefined);
  if (direct) return direct;
  const raised = /^(\S+?)\s*\^\s*(-?\d)$/.exec(text);
  const base = raised && findUnit(raised[1]);
  if (base) return raiseUnit(base, Number(raised[2]));
  const words = text.split(' ');
  if (words.length === 2) {
    const [first, second] = words;
    const before = Object.hasOwn(POWER_WORDS, first.toLowerCase()) ? POWER_WORDS[first.toLowerCase()] : 0;
    const after = Object.hasOwn(POWER_WORDS, second.toLowerCase()) ? POWER_WORDS[second.toLowerCase()] : 0;
    const named = before ? findUnit(second) : after ? findUnit(first) : undefined;
    if (named) return raiseUnit(named, before || after);
    if (first.toLowerCase() === 'us') return findUnit(second) ?? null;
  }
  return null;
}
