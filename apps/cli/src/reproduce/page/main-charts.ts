import type { Html } from '../../report/html.js';
import { ABLATIONS, atRmtRate, BASE, NO_BUDGET, NO_CURRICULUM, NO_NEXT_TOKEN, RMT } from '../methods.js';
import type { Difference, Results } from '../results/results.js';
import { forestChart } from './charts/forest-chart.js';
import { frontierChart } from './charts/frontier-chart.js';

/** Colour of what is not trained to think; those that are have the palette to themselves, as in the curves. */
const OTHERS = 7;

/** Length against accuracy, all methods. */
export function frontierFigure({ methods }: Results): Html {
  const trained = methods.filter(({ kind }) => kind === 'train');
  const points = methods.flatMap(({ id, label, withReasoning, meanLength }) => {
    const colour = trained.findIndex((method) => method.id === id);
    return withReasoning.average && meanLength
      ? [{ label, colour: colour < 0 ? OTHERS : colour, length: meanLength, accuracy: withReasoning.average }]
      : [];
  });
  const levels = methods.flatMap(({ id, label, withoutReasoning: { average } }) =>
    id === BASE && average ? [{ label: `${label}, without a thought`, accuracy: average.value }] : [],
  );
  return frontierChart(points, levels);
}

const COMPONENTS: Readonly<Record<string, string>> = {
  [NO_BUDGET]: 'token budget',
  [NO_CURRICULUM]: 'curriculum',
  [NO_NEXT_TOKEN]: 'next-token loss',
};

/** The component that the second lacks, of a difference that tells what it is worth. */
function componentOf({ first, second }: Difference): string | undefined {
  if (first.method !== RMT || !first.thinking || !second.thinking) return undefined;
  const without = ABLATIONS.find((id) => second.method === id || second.method === atRmtRate(id));
  if (without === undefined) return undefined;
  return second.method === without ? COMPONENTS[without] : `${COMPONENTS[without]}, at one rate`;
}

const row = (label: string, { accuracy: { average, hard } }: Difference) => ({ label, average, hard });

/** RMT less RMT without each component. */
export const ablationsChart = ({ differences }: Results): Html =>
  forestChart(
    differences.flatMap((difference) => {
      const component = componentOf(difference);
      return component === undefined ? [] : [row(component, difference)];
    }),
    'Worth of the components, in points',
  );

/** All other paired differences. */
export const differencesChart = ({ differences }: Results): Html =>
  forestChart(
    differences
      .filter((difference) => componentOf(difference) === undefined)
      .map((difference) => row(difference.label, difference)),
    'Paired differences, in points',
  );

/** Each setting less RMT as it is. */
export const sensitivityChart = ({ sensitivity }: Results): Html =>
  forestChart(
    sensitivity.map(({ parameter, value, difference }) => row(`${parameter} = ${value}`, difference)),
    'Settings less RMT as it is, in points',
  );
