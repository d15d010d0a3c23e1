/** What a worker is told: the id of the planned run to do next, or to stop after its step. */
export type WorkerOrder = { readonly run: string } | { readonly stop: true };

/** What it answers to a run. */
export type WorkerAnswer =
  | { readonly outcome: 'done' }
  | { readonly outcome: 'stopped' }
  /** With the line and the exit status that the command would have ended with. */
  | { readonly outcome: 'failed'; readonly text: string; readonly status: 1 | 2 };
