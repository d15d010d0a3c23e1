// Part of midtrain (MIT). Compiled into the binding of tfjs-node by `midtrain setup tensorflow`.
// Products of matrices so small that a library's preparations would take longer than they do.
#ifndef MIDTRAIN_SMALL_PRODUCT_H_
#define MIDTRAIN_SMALL_PRODUCT_H_

#include <algorithm>
#include <cstdint>
#include <vector>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace midtrain {

// Columns that a kernel computes at once.
constexpr int64_t kPanel = 32;

inline int64_t Panels(int64_t columns) { return (columns + kPanel - 1) / kPanel; }

// A matrix [depth, columns] in panels of kPanel columns, each [depth, kPanel] on its own, the last one filled up with zeros.
class PanelMatrix {
 public:
  // Of `x` [depth, columns].
  void Pack(const float *x, int64_t depth, int64_t columns) {
    Resize(depth, columns);
    for (int64_t panel = 0; panel < Panels(columns); ++panel) {
      const int64_t first = panel * kPanel;
      const int64_t count = std::min(kPanel, columns - first);
      float *to = data_.data() + first * depth;
      for (int64_t k = 0; k < depth; ++k, to += kPanel) {
        std::copy_n(x + k * columns + first, count, to);
        std::fill(to + count, to + kPanel, 0.0f);
      }
    }
  }

  // Of the transpose of `x` [columns, depth].
  void PackTransposed(const float *x, int64_t depth, int64_t columns) {
    Resize(depth, columns);
    for (int64_t panel = 0; panel < Panels(columns); ++panel) {
      const int64_t first = panel * kPanel;
      const int64_t count = std::min(kPanel, columns - first);
      float *to = data_.data() + first * depth;
      for (int64_t k = 0; k < depth; ++k, to += kPanel) {
        const float *from = x + first * depth + k;
        for (int64_t i = 0; i < count; ++i, from += depth) to[i] = *from;
        std::fill(to + count, to + kPanel, 0.0f);
      }
    }
  }

  int64_t depth() const { return depth_; }
  int64_t panels() const { return panels_; }
  const float *panel(int64_t i) const { return data_.data() + i * depth_ * kPanel; }

 private:
  void Resize(int64_t depth, int64_t columns) {
    depth_ = depth;
    panels_ = Panels(columns);
    data_.resize(panels_ * kPanel * depth);
  }

  int64_t depth_ = 0;
  int64_t panels_ = 0;
  std::vector<float> data_;
};

namespace product {

// c [rows, kPanel] = a · b, or c += a · b, for a [rows, depth] and b [depth, kPanel]; rows of b and c are so far apart. Those of a
// are its rows, or its columns where it is given by columns.
using Kernel = void (*)(int64_t depth, const float *a, int64_t a_stride, const float *b, int64_t b_stride, float *c,
                        int64_t c_stride, bool add);

template <int kRows, bool kByColumns>
void Plain(int64_t depth, const float *a, int64_t a_stride, const float *b, int64_t b_stride, float *c, int64_t c_stride,
           bool add) {
  float sums[kRows][kPanel] = {};
  for (int64_t k = 0; k < depth; ++k, b += b_stride) {
    for (int row = 0; row < kRows; ++row) {
      const float x = kByColumns ? a[k * a_stride + row] : a[row * a_stride + k];
      for (int64_t i = 0; i < kPanel; ++i) sums[row][i] += x * b[i];
    }
  }
  for (int row = 0; row < kRows; ++row) {
    for (int64_t i = 0; i < kPanel; ++i) c[row * c_stride + i] = sums[row][i] + (add ? c[row * c_stride + i] : 0.0f);
  }
}

#if defined(__x86_64__)
// 24 of 32 registers hold sums: fewer would wait for each other.
template <int kRows, bool kByColumns>
__attribute__((target("avx512f"))) void Avx512(int64_t depth, const float *a, int64_t a_stride, const float *b,
                                              int64_t b_stride, float *c, int64_t c_stride, bool add) {
  __m512 sums[kRows][2];
  for (int row = 0; row < kRows; ++row) {
    sums[row][0] = add ? _mm512_loadu_ps(c + row * c_stride) : _mm512_setzero_ps();
    sums[row][1] = add ? _mm512_loadu_ps(c + row * c_stride + 16) : _mm512_setzero_ps();
  }
  for (int64_t k = 0; k < depth; ++k, b += b_stride) {
    const __m512 low = _mm512_loadu_ps(b);
    const __m512 high = _mm512_loadu_ps(b + 16);
#pragma GCC unroll 16
    for (int row = 0; row < kRows; ++row) {
      const __m512 x = _mm512_set1_ps(kByColumns ? a[k * a_stride + row] : a[row * a_stride + k]);
      sums[row][0] = _mm512_fmadd_ps(x, low, sums[row][0]);
      sums[row][1] = _mm512_fmadd_ps(x, high, sums[row][1]);
    }
  }
  for (int row = 0; row < kRows; ++row) {
    _mm512_storeu_ps(c + row * c_stride, sums[row][0]);
    _mm512_storeu_ps(c + row * c_stride + 16, sums[row][1]);
  }
}

// Half a panel at a time: 12 of 16 registers.
template <int kRows, bool kByColumns>
__attribute__((target("avx2,fma"))) void Avx2(int64_t depth, const float *a, int64_t a_stride, const float *b, int64_t b_stride,
                                             float *c, int64_t c_stride, bool add) {
  for (int64_t half = 0; half < kPanel; half += 16, b += 16, c += 16) {
    __m256 sums[kRows][2];
    for (int row = 0; row < kRows; ++row) {
      sums[row][0] = add ? _mm256_loadu_ps(c + row * c_stride) : _mm256_setzero_ps();
      sums[row][1] = add ? _mm256_loadu_ps(c + row * c_stride + 8) : _mm256_setzero_ps();
    }
    const float *at = b;
    for (int64_t k = 0; k < depth; ++k, at += b_stride) {
      const __m256 low = _mm256_loadu_ps(at);
      const __m256 high = _mm256_loadu_ps(at + 8);
#pragma GCC unroll 8
      for (int row = 0; row < kRows; ++row) {
        const __m256 x = _mm256_set1_ps(kByColumns ? a[k * a_stride + row] : a[row * a_stride + k]);
        sums[row][0] = _mm256_fmadd_ps(x, low, sums[row][0]);
        sums[row][1] = _mm256_fmadd_ps(x, high, sums[row][1]);
      }
    }
    for (int row = 0; row < kRows; ++row) {
      _mm256_storeu_ps(c + row * c_stride, sums[row][0]);
      _mm256_storeu_ps(c + row * c_stride + 8, sums[row][1]);
    }
  }
}
#endif

// The processor's kernels, by rows from 1 on.
struct Kernels {
  const Kernel *of_rows;
  int64_t most_rows;
};

template <bool kByColumns>
const Kernels &Mine() {
  constexpr bool kC = kByColumns;
  static const Kernel plain[] = {Plain<1, kC>, Plain<2, kC>, Plain<3, kC>, Plain<4, kC>};
  static const Kernels kernels = [] {
#if defined(__x86_64__)
    static const Kernel wide[] = {Avx512<1, kC>, Avx512<2, kC>, Avx512<3, kC>,  Avx512<4, kC>,  Avx512<5, kC>,  Avx512<6, kC>,
                                  Avx512<7, kC>, Avx512<8, kC>, Avx512<9, kC>, Avx512<10, kC>, Avx512<11, kC>, Avx512<12, kC>};
    static const Kernel narrow[] = {Avx2<1, kC>, Avx2<2, kC>, Avx2<3, kC>, Avx2<4, kC>, Avx2<5, kC>, Avx2<6, kC>};
    if (__builtin_cpu_supports("avx512f")) return Kernels{wide, 12};
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return Kernels{narrow, 6};
#endif
    return Kernels{plain, 4};
  }();
  return kernels;
}

}  // namespace product

// c [rows, kPanel] = a · b, or c += a · b: see `Kernel`.
template <bool kByColumns>
void PanelProduct(int64_t rows, int64_t depth, const float *a, int64_t a_stride, const float *b, int64_t b_stride, float *c,
                  int64_t c_stride, bool add) {
  const product::Kernels &kernels = product::Mine<kByColumns>();
  const int64_t stripes = (rows + kernels.most_rows - 1) / kernels.most_rows;
  for (int64_t stripe = 0; stripe < stripes; ++stripe) {
    const int64_t from = rows * stripe / stripes;
    const int64_t count = rows * (stripe + 1) / stripes - from;
    kernels.of_rows[count - 1](depth, a + from * (kByColumns ? 1 : a_stride), a_stride, b, b_stride, c + from * c_stride,
                               c_stride, add);
  }
}

// c = a · b for a [rows, depth] with rows `a_stride` apart; c's rows are `c_stride` apart and have room for whole panels.
// Only the first `depth` rows of b count.
inline void SmallProduct(int64_t rows, int64_t depth, const float *a, int64_t a_stride, const PanelMatrix &b, float *c,
                         int64_t c_stride) {
  for (int64_t panel = 0; panel < b.panels(); ++panel) {
    PanelProduct<false>(rows, depth, a, a_stride, b.panel(panel), kPanel, c + panel * kPanel, c_stride, false);
  }
}

}  // namespace midtrain

#endif  // MIDTRAIN_SMALL_PRODUCT_H_
