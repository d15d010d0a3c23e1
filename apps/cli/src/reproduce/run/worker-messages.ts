/** What a worker is told: the id of the planned run to do next. */
export interface WorkerOrder {
  readonly run: string;
}

/** What it answers. */
export type WorkerAnswer =
  | { readonly outcome: 'done' }
  | { readonly outcome: 'stopped' }
  /** With the line and the exit status that the command would have ended with. */
  | { readonly outcome: 'failed'; readonly text: string; readonly status: 1 | 2 };
