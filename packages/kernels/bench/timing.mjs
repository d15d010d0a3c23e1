// How long a call takes: the median of repetitions, in milliseconds, after one call that does not count.
export function medianMilliseconds(call, { repetitions, budget = Infinity }) {
  call();
  const times = [];
  const end = performance.now() + budget;
  while (times.length < repetitions && (times.length < 3 || performance.now() < end)) {
    const start = performance.now();
    call();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
}
