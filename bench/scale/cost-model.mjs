// So much a call and so much a unit of work, for each kind of kernel.
/** Non-negative a, b that make a·calls + b·units closest to the milliseconds, each point by its own size. */
export function costOf(points) {
  const weighed = points.map(({ calls, units, milliseconds }) => {
    const weight = 1 / Math.max(1, milliseconds);
    return [calls * weight, units * weight, milliseconds * weight];
  });
  const sum = (f) => weighed.reduce((total, row) => total + f(row), 0);
  const [cc, cu, uu] = [sum(([c]) => c * c), sum(([c, u]) => c * u), sum(([, u]) => u * u)];
  const [cm, um] = [sum(([c, , m]) => c * m), sum(([, u, m]) => u * m)];
  const determinant = cc * uu - cu * cu;
  const a = determinant > 0 ? (cm * uu - um * cu) / determinant : -1;
  const b = determinant > 0 ? (um * cc - cm * cu) / determinant : -1;
  if (a >= 0 && b >= 0) return { perCall: a, perUnit: b };
  // One of the two explains it better alone.
  const [callsAlone, unitsAlone] = [cc > 0 ? cm / cc : 0, uu > 0 ? um / uu : 0];
  const error = (x, y) => sum(([c, u, m]) => (x * c + y * u - m) ** 2);
  return error(callsAlone, 0) < error(0, unitsAlone)
    ? { perCall: callsAlone, perUnit: 0 }
    : { perCall: 0, perUnit: unitsAlone };
}

/** Every part of a measured step that has kernels of a kind: their calls, units and time. */
export function pointsOf({ work, measured }, kind) {
  return Object.entries(measured.parts).flatMap(([part, { kinds }]) => {
    const ran = kinds[kind];
    return ran ? [{ ...ran, units: 0, ...work[part][kind] }] : [];
  });
}
