import pc from 'picocolors';
import type { BenchReport } from './run-bench.js';

const seconds = (value: number): string => `${value < 10 ? value.toFixed(3) : value.toFixed(1)} s`;
const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(2)} GiB`;
const perSecond = (tokens: number): string => `${Math.round(tokens).toLocaleString('en')} tokens/s`;

/** The report as a small table for people. */
export function benchTable({
  backend,
  threads,
  treeStep,
  trainStep,
  decode,
  ...memory
}: BenchReport): string {
  const { documents, documentTokens, positions, branches, newTokens, parts, rowByRowParts = {} } = treeStep;
  const { ratio, maxLogitDifference = 0, maxGradientDifference = 0 } = treeStep;
  const or = (show: (value: number) => string, value: number | undefined) =>
    value === undefined ? '–' : show(value);
  const rows: [string, string, string][] = [
    ['', 'tree', 'row by row'],
    ...['trunk', 'rollout', 'update', 'optimiser'].map((part): [string, string, string] => [
      part,
      seconds(parts[part]),
      or(seconds, rowByRowParts[part]),
    ]),
    ['RMT step', seconds(treeStep.seconds), or(seconds, treeStep.rowByRowSeconds)],
    ['peak memory', gibibytes(memory.peakBytes), or(gibibytes, memory.rowByRowPeakBytes)],
  ];
  const table = rows.map(
    ([name, tree, row]) => `  ${name.padEnd(14)}${tree.padStart(12)}${row.padStart(14)}`,
  );
  return [
    `${pc.bold(backend)} on ${threads} threads`,
    '',
    `RMT step: ${documents} × ${documentTokens} tokens, ${positions} positions × ${branches} branches × ${newTokens} new tokens, d = 128, 4 layers`,
    ...table,
    ...(ratio === undefined
      ? []
      : [
          `  the tree is ${pc.bold(`${ratio.toFixed(1)} ×`)} faster; logits differ by at most ${maxLogitDifference.toExponential(1)}, gradients by ${maxGradientDifference.toExponential(1)}`,
        ]),
    '',
    `rollout        ${perSecond(decode.tokensPerSecond)}`,
    `training step  ${seconds(trainStep.seconds)} for 16 × 128 tokens, ${perSecond(trainStep.tokensPerSecond)}`,
    ...(trainStep.asShippedSeconds === undefined
      ? []
      : [
          `  as shipped   ${seconds(trainStep.asShippedSeconds)} on tfjs's wasm backend: ${pc.bold(`${trainStep.asShippedRatio?.toFixed(1)} ×`)} slower`,
        ]),
    '',
  ].join('\n');
}
