// Part of midtrain (MIT). Compiled into the binding of tfjs-node by `midtrain setup tensorflow`.
// What loops over numbers are made of so that compilers make vectors of them.
#ifndef MIDTRAIN_LANES_H_
#define MIDTRAIN_LANES_H_

#include <cstdint>
#include <cstring>

namespace midtrain {

// Sums in so many lanes that compilers make vectors of them.
constexpr int kLanes = 16;

template <class Term>
inline __attribute__((always_inline)) float SumOver(int64_t count, const Term &term) {
  float lanes[kLanes] = {};
  int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    for (int lane = 0; lane < kLanes; ++lane) lanes[lane] += term(i + lane);
  }
  float sum = 0;
  for (; i < count; ++i) sum += term(i);
  for (float lane : lanes) sum += lane;
  return sum;
}

inline __attribute__((always_inline)) float Largest(int64_t count, const float *values) {
  float lanes[kLanes];
  for (float &lane : lanes) lane = values[0];
  int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
    for (int lane = 0; lane < kLanes; ++lane) lanes[lane] = values[i + lane] > lanes[lane] ? values[i + lane] : lanes[lane];
  }
  float most = values[0];
  for (; i < count; ++i) most = values[i] > most ? values[i] : most;
  for (float lane : lanes) most = lane > most ? lane : most;
  return most;
}

// Whether all are numbers. What `Exp` makes of NaN looks like one.
inline __attribute__((always_inline)) bool AreNumbers(int64_t count, const float *values) {
  return SumOver(count, [values](int64_t i) { return values[i] == values[i] ? 0.0f : 1.0f; }) == 0;
}

// Whether all less the largest are numbers, which infinity less itself is not.
inline __attribute__((always_inline)) bool AreSound(int64_t count, const float *values, float most) {
  return SumOver(count, [=](int64_t i) {
           const float x = values[i] - most;
           return x == x ? 0.0f : 1.0f;
         }) == 0;
}

// 87 as an integer: e^x and e^-x are still normal numbers.
constexpr int32_t kLargest = 0x42ae0000;

// e^x to 2 units in the last place for |x| up to 87, e^87 or e^-87 beyond. Range reduction by ln 2 and the minimax polynomial of
// Cephes (S. Moshier).
inline __attribute__((always_inline)) float Exp(float x) {
  // Bounded as an integer: compilers make branches of comparing floats, and then no vectors.
  int32_t given;
  std::memcpy(&given, &x, sizeof given);
  const int32_t size = given & 0x7fffffff;
  const int32_t bounded = (given & ~0x7fffffff) | (size < kLargest ? size : kLargest);
  std::memcpy(&x, &bounded, sizeof x);
  // Adding 1.5·2²³ rounds to a whole number.
  const float n = (x * 1.44269504088896341f + 12582912.0f) - 12582912.0f;
  const float r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  const float y = p * r * r + r + 1.0f;
  const int32_t bits = (static_cast<int32_t>(n) + 127) << 23;
  float power;
  std::memcpy(&power, &bits, sizeof power);
  return y * power;
}

// e^x for x ≤ 0, and no weight at all below e^-87.
inline __attribute__((always_inline)) float Weight(float x) {
  int32_t given;
  std::memcpy(&given, &x, sizeof given);
  const float weight = Exp(x);
  int32_t bits;
  std::memcpy(&bits, &weight, sizeof bits);
  bits &= -static_cast<int32_t>((given & 0x7fffffff) < kLargest);
  float kept;
  std::memcpy(&kept, &bits, sizeof kept);
  return kept;
}

}  // namespace midtrain

#endif  // MIDTRAIN_LANES_H_
