/** A row of the paper's first table: next-token accuracy in percent on OmniMATH, and the mean length in tokens. */
export interface PaperRow {
  readonly easy: number;
  readonly medium: number;
  readonly hard: number;
  readonly average: number;
  readonly length?: number;
}

/** A method's row, where the paper has one; of R1-Distill-14B but RPT's, whose base the table does not name. */
export interface PaperMethod {
  readonly withoutReasoning?: PaperRow;
  readonly withReasoning?: PaperRow;
}

/** Tian et al., arXiv 2509.24375, by our names of the methods. */
export const PAPER_METHODS: Readonly<Record<string, PaperMethod>> = {
  base: {
    withoutReasoning: { easy: 42.04, medium: 31.71, hard: 19.64, average: 31.13 },
    withReasoning: { easy: 4.76, medium: 2.43, hard: 2.09, average: 3.09 },
  },
  rpt: { withReasoning: { easy: 48.67, medium: 35.84, hard: 23.03, average: 35.85, length: 872 } },
  rmt: { withReasoning: { easy: 62.5, medium: 43.96, hard: 34.14, average: 46.87, length: 188 } },
  'rmt-no-budget': { withReasoning: { easy: 60.35, medium: 32.79, hard: 27.59, average: 40.24 } },
  'rmt-no-curriculum': { withReasoning: { easy: 59.32, medium: 42.66, hard: 27.68, average: 43.22 } },
  'rmt-no-next-token': { withReasoning: { easy: 40, medium: 34.26, hard: 27.27, average: 33.84 } },
};

/** Its second table: accuracy in percent before and after post-training on Skywork's questions. */
export const PAPER_POST_TRAINING: Readonly<Record<string, readonly [before: number, after: number]>> = {
  base: [23, 51],
  rpt: [23.17, 48.5],
  rmt: [24.08, 54.67],
};

/**
 * What it claims of RMT beside RPT: a relative gain in accuracy of 60 % and more, which is that of its other base (59.12
 * against 35.85); the gain of the base whose rows are above; and the share of RPT's length.
 */
export const PAPER_CLAIM = { relativeGain: 0.6, sameBaseGain: 46.87 / 35.85 - 1, lengthShare: 0.21 };
