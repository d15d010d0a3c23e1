import { BASE, NEXT_TOKEN_COMPUTE, RMT } from '../../methods.js';
import type { PostTrainingEntry, Verdict } from '../results.js';
import { change, type Evidence, percent, sign } from './evidence.js';

/** Below this share of right answers, from either start, there is nothing to compare. */
const HARDLY_ANY = 0.05;

/** Why nothing is shown, and what would decide, by how far post-training itself came. */
function reason(
  rmt: PostTrainingEntry,
  base: PostTrainingEntry,
): readonly [hypothesis: string, experiment: string] {
  if (Math.max(rmt.after.value, base.after.value) < HARDLY_ANY)
    return [
      'A model of this size answers almost none of these questions, whatever it starts from: there is no reward to learn from.',
      'The same from a model that answers some of the questions before it is post-trained.',
    ];
  if (sign(rmt.gain) !== 'holds' && sign(base.gain) !== 'holds')
    return [
      `Post-training itself is not shown to have taught anything, from either start: ${change(rmt.gain)} and ${change(base.gain)}. Too few steps, or no room above where they begin.`,
      'More steps, and only questions that the base gets wrong.',
    ];
  return [
    'Post-training on questions of the same corpus teaches from either start what mid-training taught, once it has enough steps.',
    'Accuracy after every few steps of post-training: if mid-training gives a head start alone, the curves meet.',
  ];
}

/** Post-training ends higher from RMT than from the base; undefined where nothing was post-trained. */
export function claimOnPostTraining({ postTraining }: Evidence): Verdict | undefined {
  const rmt = postTraining.find(({ method }) => method === RMT);
  const base = postTraining.find(({ method }) => method === BASE);
  if (!rmt || !base) return undefined;
  const compute = postTraining.find(({ method }) => method === NEXT_TOKEN_COMPUTE);
  const beside = compute
    ? ` From next-token training for as many floating-point operations it ends at ${percent(compute.after.value)}.`
    : '';
  const [hypothesis, experiment] = reason(rmt, base);
  return {
    claim: 'Post-training from RMT ends higher than from the base.',
    verdict: sign(rmt.overBase),
    evidence: `${percent(rmt.before.value)} → ${percent(rmt.after.value)} against ${percent(base.before.value)} → ${percent(base.after.value)}; at the end ${change(rmt.overBase)}.${beside}`,
    hypothesis,
    experiment,
    folders: [...rmt.folders, ...base.folders],
  };
}
