import { writeJsonFile } from '@midtrain/core';
import { chromeTrace, profileKernels, type TraceSpan } from '@midtrain/kernels';

/** Steps that a trace shows: the first compiles and allocates, the others are what the rest will be. */
const TRACED_STEPS = 3;

/** Watches the first steps of a run, kernel by kernel, when somebody asked for their trace. */
export interface StepTrace {
  readonly onPart?: (part: TraceSpan) => void;
  /** A step has been done; after the last that is traced, the trace is written. */
  stepDone(step: number): Promise<void>;
  /** Writes what there is of a run that ended earlier, and puts the kernels back. */
  finish(): Promise<void>;
}

/** @param file where the trace goes, in Chrome's format; nothing is watched without one */
export function traceSteps(file: string | undefined): StepTrace {
  if (file === undefined) return { stepDone: async () => {}, finish: async () => {} };
  const profile = profileKernels();
  const spans: TraceSpan[] = [];
  let start = performance.now();
  let steps = 0;
  let written = false;
  const finish = async (): Promise<void> => {
    if (written) return;
    written = true;
    profile.stop();
    await writeJsonFile(file, chromeTrace(profile.events, spans));
  };
  return {
    onPart: (part) => {
      if (!written) spans.push(part);
    },
    async stepDone(step) {
      if (written) return;
      spans.push({ name: `step ${step}`, start, milliseconds: performance.now() - start });
      start = performance.now();
      steps++;
      if (steps === TRACED_STEPS) await finish();
    },
    finish,
  };
}
