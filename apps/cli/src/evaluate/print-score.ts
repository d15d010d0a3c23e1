import type { Accuracy } from '@midtrain/core';
import type { ReasoningScore } from './score-reasoning.js';
import type { TextScore } from './score-text.js';

/** What `midtrain eval lm` answers. */
export interface EvalScore extends TextScore {
  readonly reasoning?: ReasoningScore;
}

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`.padStart(8);

const row = (name: string, { n, accuracy, low, high }: Accuracy): string =>
  `  ${name.padEnd(8)} ${percent(accuracy)}  [${percent(low)}, ${percent(high)}]  of ${n}\n`;

/** Prints a score for people. */
export function printScore({ tokens, nll, accuracy, tiers, reasoning }: EvalScore): void {
  const lines = [
    `${tokens} tokens, ${nll.toFixed(4)} nats a token\n\nwithout reasoning\n`,
    ...tiers.map((tier) => row(tier.name, tier)),
    row('all', accuracy),
  ];
  if (reasoning) {
    const { easy, medium, hard, average, meanLength, wellFormed } = reasoning;
    lines.push(
      `\nwith reasoning, ${meanLength.toFixed(1)} tokens of it on average, ${percent(wellFormed).trim()} well formed\n`,
      row('easy', easy),
      row('medium', medium),
      row('hard', hard),
      row('all', average),
    );
  }
  process.stdout.write(lines.join(''));
}
