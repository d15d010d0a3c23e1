import { SingleBar } from 'cli-progress';

/** Shows how far a run is, on stderr. */
export interface Progress {
  /** Tells that `done` of all steps are done, with a few figures to show. */
  update(done: number, figures?: string): void;
  /** A line of its own, above the bar where there is one. */
  say(text: string): void;
  stop(): void;
}

export interface ProgressOptions {
  readonly label: string;
  readonly total: number;
  /** Steps that were done before, when a run goes on. Default 0. */
  readonly from?: number;
  readonly stream?: NodeJS.WriteStream;
}

/** Seconds as `4s`, `3m05s` or `2h05m`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole}s`;
  const pair = (large: number, small: number, units: string) =>
    `${large}${units[0]}${String(small).padStart(2, '0')}${units[1]}`;
  if (whole < 3600) return pair(Math.floor(whole / 60), whole % 60, 'ms');
  return pair(Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), 'hm');
}

const suffix = (figures: string): string => (figures === '' ? '' : ` · ${figures}`);

/** Rate and time left since the start. */
function pace(
  total: number,
  from: number,
): (done: number) => { readonly rate: string; readonly left: string } {
  const started = performance.now();
  return (done) => {
    const seconds = (performance.now() - started) / 1000;
    const each = seconds / Math.max(1, done - from);
    const rate = each > 1 ? `${each.toFixed(1)} s each` : `${(1 / each).toFixed(1)}/s`;
    return { rate, left: duration(each * (total - done)) };
  };
}

function barProgress({ label, total, from = 0 }: ProgressOptions, stream: NodeJS.WriteStream): Progress {
  const measure = pace(total, from);
  const bar = new SingleBar({
    format: `${label} {bar} {value}/{total} · {rate} · {left} left{figures}`,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 20,
    hideCursor: true,
    stream,
    gracefulExit: false,
  });
  bar.start(total, from, { rate: '–', left: '–', figures: '' });
  return {
    update: (done, figures = '') => bar.update(done, { ...measure(done), figures: suffix(figures) }),
    say: (text) => {
      stream.write(`\r\x1b[K${text}\n`);
    },
    stop: () => bar.stop(),
  };
}

function lineProgress({ label, total, from = 0 }: ProgressOptions, stream: NodeJS.WriteStream): Progress {
  const measure = pace(total, from);
  const tenth = (done: number) => Math.floor((10 * done) / total);
  let last = tenth(from);
  return {
    update: (done, figures = '') => {
      if (tenth(done) === last && done !== total) return;
      last = tenth(done);
      const { rate, left } = measure(done);
      stream.write(`${label} ${done}/${total} · ${rate} · ${left} left${suffix(figures)}\n`);
    },
    say: (text) => {
      stream.write(`${text}\n`);
    },
    stop: () => {},
  };
}

/** A bar with rate and time left where stderr is a terminal, else a line every tenth of the way. */
export function showProgress(options: ProgressOptions): Progress {
  const { stream = process.stderr } = options;
  return stream.isTTY ? barProgress(options, stream) : lineProgress(options, stream);
}
