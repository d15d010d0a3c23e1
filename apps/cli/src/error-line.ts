import { MidtrainError } from '@midtrain/core';

/** What the command exits with. */
export type ExitStatus = 0 | 1 | 2;

/** Errors of packages that do not depend on core, which mean that what they were given is wrong. */
const BAD_INPUT = new Set([
  'BackendUnavailableError',
  'BudgetError',
  'CurriculumError',
  'EvalMathError',
  'LossesError',
  'OperationInputError',
  'SetupRequirementError',
]);
/** Codes of theirs that mean a failure all the same. */
const FAILURES = new Set(['GENERATION_FAILED']);

/**
 * What a person is told about an error, and the exit status: a line (or a few, for several mistakes in one file)
 * without a stack; `MIDTRAIN_DEBUG=1` shows the stack as well.
 */
export function describeError(
  error: unknown,
  environment: NodeJS.ProcessEnv = process.env,
): { readonly text: string; readonly status: Exclude<ExitStatus, 0> } {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  const known = error instanceof MidtrainError;
  const { code } = (error ?? {}) as { readonly code?: unknown };
  const badInput = known ? error.exitCode === 2 : BAD_INPUT.has(name) && !FAILURES.has(String(code));
  const text = known ? message : message.replace(/\s*\n\s*/g, ' ');
  const shown = known || badInput ? text : `${text} (MIDTRAIN_DEBUG=1 shows where)`;
  const lines = shown.split('\n').map((line) => `error: ${line}`);
  if (environment.MIDTRAIN_DEBUG === '1' && stack) lines.push(stack);
  return { text: lines.join('\n'), status: badInput ? 2 : 1 };
}
