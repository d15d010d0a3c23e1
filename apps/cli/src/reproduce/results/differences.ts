import {
  ABLATIONS,
  ADAPTIVE,
  atRmtRate,
  BASE,
  type Method,
  NEXT_TOKEN,
  NEXT_TOKEN_COMPUTE,
  NO_NEXT_TOKEN,
  RMT,
  RPT,
} from '../methods.js';
import { differenceEntry, type SideRuns } from './difference-entry.js';
import type { Difference } from './results.js';

/** The paired differences, in the order in which the page tells them; a twin that has its twin's runs is left out. */
export function differences(
  methods: readonly Method[],
  side: (id: string, thinking: boolean) => SideRuns,
): Difference[] {
  const foldersOf = (id: string) => side(id, true).runs.map(({ folder }) => folder);
  const same = (id: string, twin: string) => foldersOf(id).join() === foldersOf(twin).join();
  const pairs: (readonly [string, boolean, string, boolean])[] = [
    [RMT, true, RPT, true],
    [RMT, true, BASE, true],
    [RMT, true, BASE, false],
    [RMT, true, NEXT_TOKEN_COMPUTE, false],
    [RMT, true, RMT, false],
    [RPT, true, BASE, true],
    [RPT, true, BASE, false],
    ...ABLATIONS.flatMap((id) =>
      [id, ...(same(id, atRmtRate(id)) ? [] : [atRmtRate(id)])].map(
        (other) => [RMT, true, other, true] as const,
      ),
    ),
    ...methods
      .filter(({ id }) => id === ADAPTIVE || id.startsWith('rmt-min-'))
      .map(({ id }) => [id, true, RMT, true] as const),
    [RMT, false, BASE, false],
    [RMT, false, NEXT_TOKEN, false],
    [RMT, false, NEXT_TOKEN_COMPUTE, false],
    [RMT, false, RPT, false],
    [RMT, false, NO_NEXT_TOKEN, false],
  ];
  return pairs.map(([first, thinks, second, thought]) =>
    differenceEntry(side(first, thinks), side(second, thought)),
  );
}
