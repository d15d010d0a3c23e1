/**
 * Colours of a chart, as stand-ins: each is replaced by a variable of the page's style sheet, so that one SVG follows
 * the reader's light or dark setting.
 */
export const INK = '#010101';
export const MUTED = '#010102';
export const GRID = '#010103';

const SERIES = ['#010111', '#010112', '#010113', '#010114', '#010115', '#010116', '#010117', '#010118'];

/** Colour of the n-th series; they repeat after eight. */
export const seriesColour = (index: number): string => SERIES[index % SERIES.length];

/** Its variable in the style sheet. */
export const seriesVariable = (index: number): string => `--series-${(index % SERIES.length) + 1}`;

const VARIABLES: ReadonlyMap<string, string> = new Map([
  [INK, '--ink'],
  [MUTED, '--muted'],
  [GRID, '--grid'],
  ...SERIES.map((colour, index) => [colour, seriesVariable(index)] as const),
]);

/** Puts the style sheet's variables where the stand-ins are. */
export function withVariables(svg: string): string {
  return svg.replace(/#0101[01][1-8]/g, (colour) => {
    const variable = VARIABLES.get(colour);
    return variable === undefined ? colour : `var(${variable})`;
  });
}
