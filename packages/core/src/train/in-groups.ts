/** Values laid out group after group, as one list a group. */
export function inGroups<T>(values: ArrayLike<T>, groupSize: number): T[][] {
  const all = Array.from(values);
  return Array.from({ length: all.length / groupSize }, (_, group) =>
    all.slice(group * groupSize, (group + 1) * groupSize),
  );
}
