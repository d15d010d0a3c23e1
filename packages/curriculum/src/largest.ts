/** The `count` largest values, in falling order; all of them where there are fewer. One pass, no sort of the whole. */
export const largest = (values: ArrayLike<number>, count: number): Float64Array => {
  const top = new Float64Array(Math.min(count, values.length));
  let held = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (held === top.length && value <= top[held - 1]) continue;
    let place = held < top.length ? held++ : held - 1;
    for (; place > 0 && top[place - 1] < value; place--) top[place] = top[place - 1];
    top[place] = value;
  }
  return top;
};
