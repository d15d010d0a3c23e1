// Part of midtrain (MIT). Compiled into the binding of tfjs-node by `midtrain setup tensorflow`.
// What is asked of rows of logits, while each is in the cache: a token's log-probability, the entropy, the most likely token, and
// the softmax in the logits' own memory.
#include <array>
#include <cmath>

#include "lanes.h"
#include "own_op.h"

namespace midtrain {
namespace {

struct SpreadLogits {
  static constexpr const char *kName = "MidtrainSpreadLogits";
  // Token ids as floats.
  static constexpr std::array<const char *, 2> kInputs = {"logits", "targets"};
  // Softmax (with `spread`; else the logits), log-probabilities, entropies, most likely tokens as floats, normalisers.
  static constexpr std::array<int, 5> kLike = {0, 1, 1, 1, 1};
  static constexpr std::array<const char *, 1> kAttributes = {"spread: bool"};
  bool spread = false;
  void Read(Attributes &attributes) { spread = attributes.Flag("spread"); }

  struct Sums {
    float most, total, expected;
    bool sound;
  };

  // expected = Σ e^(z−max) · (z−max), some hundred at a time: a long sum of floats would lose digits.
  MIDTRAIN_VECTORS static Sums Sum(int64_t count, const float *logits) {
    constexpr int64_t kStretch = 512;
    const float most = Largest(count, logits);
    double total = 0;
    double expected = 0;
    double unsound = 0;
    for (int64_t first = 0; first < count; first += kStretch) {
      const int64_t here = std::min(kStretch, count - first);
      const float *const z = logits + first;
      float sums[kLanes] = {};
      float products[kLanes] = {};
      float none[kLanes] = {};
      int64_t i = 0;
      for (; i + kLanes <= here; i += kLanes) {
        for (int lane = 0; lane < kLanes; ++lane) {
          const float x = z[i + lane] - most;
          const float weight = Weight(x);
          sums[lane] += weight;
          products[lane] += weight * (weight > 0 ? x : 0.0f);
          none[lane] += x == x ? 0.0f : 1.0f;
        }
      }
      for (; i < here; ++i) {
        const float x = z[i] - most;
        const float weight = Weight(x);
        sums[0] += weight;
        products[0] += weight * (weight > 0 ? x : 0.0f);
        none[0] += x == x ? 0.0f : 1.0f;
      }
      for (int lane = 0; lane < kLanes; ++lane) {
        total += sums[lane];
        expected += products[lane];
        unsound += none[lane];
      }
    }
    return {most, static_cast<float>(total), static_cast<float>(expected), unsound == 0};
  }

  MIDTRAIN_VECTORS static void Spread(int64_t count, float normaliser, const float *logits, float *out) {
#pragma GCC ivdep
    for (int64_t i = 0; i < count; ++i) out[i] = Weight(std::min(logits[i] - normaliser, 0.0f));
  }

  void Compute(Call &call) const {
    const int64_t rows = call.Size(1);
    const bool fits = call.Rank(0) == 2 && call.Side(0, 0) == rows && call.Side(0, 1) > 0 && call.Side(0, 1) <= 1 << 24;
    if (!call.Require(fits, "MidtrainSpreadLogits: expected logits [N, V] and targets [N]")) return;
    const int64_t count = call.Side(0, 1);
    float *const spread_out = call.Output(0, 0, true);
    std::array<float *, 4> columns = {};
    for (int i = 0; i < 4; ++i) columns[i] = call.Output(i + 1, 1, false);
    if (!call.Ok()) return;
    Shares(rows, 4 * count).Run([&](int64_t from, int64_t to, int64_t) {
      for (int64_t row = from; row < to; ++row) {
        const float *const logits = call.Input(0) + row * count;
        const Sums sums = Sum(count, logits);
        const float normaliser = sums.sound ? sums.most + std::log(sums.total) : std::nanf("");
        const int64_t greedy = std::min<int64_t>(std::find(logits, logits + count, sums.most) - logits, count - 1);
        const float target = call.Input(1)[row];
        columns[0][row] = target >= 0 && target < count ? logits[static_cast<int64_t>(target)] - normaliser : std::nanf("");
        columns[1][row] = sums.sound ? std::log(sums.total) - sums.expected / sums.total : std::nanf("");
        columns[2][row] = static_cast<float>(greedy);
        columns[3][row] = normaliser;
        float *const out = spread_out + row * count;
        if (spread && sums.sound) {
          Spread(count, normaliser, logits, out);
        } else if (spread) {
          std::fill_n(out, count, std::nanf(""));
        } else if (out != logits) {
          std::copy_n(logits, count, out);
        }
      }
    });
  }
};

const Registration<SpreadLogits> spread_logits;

}  // namespace
}  // namespace midtrain
