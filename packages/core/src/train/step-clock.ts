import type { TraceSpan } from '@midtrain/kernels';

/** Times the parts of a step, one after the other, for whoever wants to draw them. */
export function stepClock(onPart: ((part: TraceSpan) => void) | undefined) {
  let open: { readonly name: string; readonly start: number } | undefined;
  /** Ends the part that is running, if any. */
  const end = (): void => {
    if (open) onPart?.({ ...open, milliseconds: performance.now() - open.start });
    open = undefined;
  };
  return {
    end,
    /** Ends the part before and begins another. */
    begin(name: string): void {
      end();
      open = { name, start: performance.now() };
    },
  };
}
