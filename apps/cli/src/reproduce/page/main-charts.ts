import type { Html } from '../../report/html.js';
import { ABLATIONS, BASE, NO_BUDGET, NO_CURRICULUM, NO_NEXT_TOKEN, RMT } from '../methods.js';
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

const isAblation = ({ first, second }: Difference): boolean =>
  first.method === RMT && (ABLATIONS as readonly string[]).includes(second.method) && first.thinking;

const row = (label: string, { accuracy: { average, hard } }: Difference) => ({ label, average, hard });

/** RMT less RMT without each component. */
export const ablationsChart = ({ differences }: Results): Html =>
  forestChart(
    differences.filter(isAblation).map((difference) => row(COMPONENTS[difference.second.method], difference)),
    'Worth of the components, in points',
  );

/** All other paired differences. */
export const differencesChart = ({ differences }: Results): Html =>
  forestChart(
    differences
      .filter((difference) => !isAblation(difference))
      .map((difference) => row(difference.label, difference)),
    'Paired differences, in points',
  );

/** Each setting less RMT as it is. */
export const sensitivityChart = ({ sensitivity }: Results): Html =>
  forestChart(
    sensitivity.map(({ parameter, value, difference }) => row(`${parameter} = ${value}`, difference)),
    'Settings less RMT as it is, in points',
  );
