import { BASE, NEXT_TOKEN_COMPUTE, RMT } from '../../methods.js';
import type { Verdict } from '../results.js';
import { change, type Evidence, percent, sign } from './evidence.js';

/** Below this share of right answers, from either start, there is nothing to compare. */
const HARDLY_ANY = 0.05;

/** Post-training ends higher from RMT than from the base; undefined where nothing was post-trained. */
export function claimOnPostTraining({ postTraining }: Evidence): Verdict | undefined {
  const rmt = postTraining.find(({ method }) => method === RMT);
  const base = postTraining.find(({ method }) => method === BASE);
  if (!rmt || !base) return undefined;
  const compute = postTraining.find(({ method }) => method === NEXT_TOKEN_COMPUTE);
  const beside = compute
    ? ` From next-token training for as many floating-point operations it ends at ${percent(compute.after.value)}.`
    : '';
  const none = Math.max(rmt.after.value, base.after.value) < HARDLY_ANY;
  return {
    claim: 'Post-training from RMT ends higher than from the base.',
    verdict: sign(rmt.overBase),
    evidence: `${percent(rmt.before.value)} → ${percent(rmt.after.value)} against ${percent(base.before.value)} → ${percent(base.after.value)}; at the end ${change(rmt.overBase)}.${beside}`,
    hypothesis: none
      ? 'A model of this size answers almost none of these questions, whatever it starts from: there is no reward to learn from.'
      : 'Post-training on questions of the same corpus teaches from either start what mid-training taught, once it has enough steps.',
    experiment: none
      ? 'The same from a model that answers some of the questions before it is post-trained.'
      : 'Accuracy after every few steps of post-training: if mid-training gives a head start alone, the curves meet.',
    folders: [...rmt.folders, ...base.folders],
  };
}
