import type { Verdict } from '../results.js';
import { claimOnPostTraining } from './claim-on-post-training.js';
import { claimOnAccuracy, claimOnLength, claimOnSize } from './claims-against-rpt.js';
import { claimOnAdaptiveBudget, claimsOnComponents } from './claims-on-components.js';
import { claimOnTraining, claimThatThinkingPays } from './claims-on-thinking.js';
import { evidenceOf, type Findings } from './evidence.js';

/** Reasons and experiments are told only of what does not hold. */
function told(verdict: Verdict): Verdict {
  const { hypothesis: _, experiment: __, ...alone } = verdict;
  return verdict.verdict === 'holds' ? alone : verdict;
}

/** Verdicts on the paper's claims, computed from the findings alone. */
export function verdicts(findings: Findings): Verdict[] {
  const evidence = evidenceOf(findings);
  const all = [
    claimOnAccuracy(evidence),
    claimOnSize(evidence),
    claimOnLength(evidence),
    ...claimsOnComponents(evidence),
    claimOnTraining(evidence),
    claimThatThinkingPays(evidence),
    claimOnPostTraining(evidence),
    claimOnAdaptiveBudget(evidence),
  ];
  return all.filter((verdict) => verdict !== undefined).map(told);
}
