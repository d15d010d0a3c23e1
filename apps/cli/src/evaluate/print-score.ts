import type { Accuracy } from '@midtrain/core';
import type { EvaluationResult } from '../report/evaluation-data.js';
import type { TextScore } from './score-text.js';

/** What `midtrain eval lm` answers. */
export interface EvalScore extends TextScore {
  /** At positions of each tier, where it was asked there. */
  readonly withoutReasoning?: EvaluationResult;
  readonly reasoning?: EvaluationResult;
}

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`.padStart(8);

const row = (name: string, { n, accuracy, low, high }: Accuracy): string =>
  `  ${name.padEnd(8)} ${percent(accuracy)}  [${percent(low)}, ${percent(high)}]  of ${n}\n`;

const rows = ({ easy, medium, hard, average }: EvaluationResult): string[] => [
  row('easy', easy),
  row('medium', medium),
  row('hard', hard),
  row('all', average),
];

/** Prints a score for people. */
export function printScore({ tokens, nll, accuracy, tiers, withoutReasoning, reasoning }: EvalScore): void {
  const lines = [
    `${tokens} tokens, ${nll.toFixed(4)} nats a token\n\nwithout reasoning\n`,
    ...tiers.map((tier) => row(tier.name, tier)),
    row('all', accuracy),
  ];
  if (withoutReasoning)
    lines.push('\nat the positions chosen, without reasoning\n', ...rows(withoutReasoning));
  if (reasoning) {
    const { meanLength, wellFormed = 1 } = reasoning;
    lines.push(
      `\nwith reasoning, ${meanLength.toFixed(1)} tokens of it on average, ${percent(wellFormed).trim()} well formed\n`,
      ...rows(reasoning),
    );
  }
  process.stdout.write(lines.join(''));
}
