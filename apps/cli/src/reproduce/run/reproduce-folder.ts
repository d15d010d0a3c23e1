import { join } from 'node:path';

/** Where things lie in the output folder. */
export interface ReproduceFolder {
  readonly root: string;
  /** What the study made for its runs: corpora, a tokenizer, questions. */
  readonly study: string;
  readonly plan: string;
  readonly results: string;
  readonly report: string;
  /** A chart of the page by its name, as an image. */
  figure(name: string): string;
  /** Folder of a run by its id. */
  run(id: string): string;
}

export const reproduceFolder = (root: string): ReproduceFolder => ({
  root,
  study: join(root, 'study'),
  plan: join(root, 'plan.json'),
  results: join(root, 'results.json'),
  report: join(root, 'report.html'),
  figure: (name) => join(root, 'figures', name),
  run: (id) => join(root, 'runs', ...id.split('/')),
});
