// Part of midtrain (MIT). Compiled into the binding of tfjs-node by `midtrain setup tensorflow`.
// Drawing a token for each row of logits, in two passes over a row and without probabilities that anyone would have to hold.
#include <array>
#include <cmath>

#include "lanes.h"
#include "own_op.h"

namespace midtrain {
namespace {

// Logits whose weights are summed at a time; a draw finds the stretch first, then the token in it.
constexpr int64_t kStretch = 256;

struct DrawToken {
  static constexpr const char *kName = "MidtrainDrawToken";
  static constexpr std::array<const char *, 2> kInputs = {"logits", "uniforms"};
  // Token ids, as floats, and log-probabilities.
  static constexpr std::array<int, 2> kLike = {1, 1};
  static constexpr std::array<const char *, 1> kAttributes = {"greedy: bool"};
  bool greedy = false;
  void Read(Attributes &attributes) { greedy = attributes.Flag("greedy"); }

  MIDTRAIN_VECTORS static float Most(int64_t count, const float *logits) { return Largest(count, logits); }

  MIDTRAIN_VECTORS static float Sum(int64_t count, float most, const float *logits) {
    return SumOver(count, [=](int64_t i) { return Weight(logits[i] - most); });
  }

  MIDTRAIN_VECTORS static void Weights(int64_t count, float most, const float *logits, float *weights) {
#pragma GCC ivdep
    for (int64_t i = 0; i < count; ++i) weights[i] = Weight(logits[i] - most);
  }

  // The first place at which the running sum, from `before` on, exceeds the bound; past the end where it does not.
  static int64_t FirstAbove(int64_t count, const float *values, double bound, double &before) {
    for (int64_t i = 0; i < count; ++i) {
      if (before + values[i] > bound) return i;
      before += values[i];
    }
    return count;
  }

  void Row(int64_t count, const float *logits, float uniform, float *token, float *log_prob, std::vector<float> &sums) const {
    const float most = Most(count, logits);
    double total = 0;
    sums.clear();
    for (int64_t i = 0; i < count; i += kStretch) {
      sums.push_back(Sum(std::min(kStretch, count - i), most, logits + i));
      total += sums.back();
    }
    int64_t drawn = count;
    if (greedy) {
      drawn = std::min<int64_t>(std::find(logits, logits + count, most) - logits, count - 1);
    } else {
      const double bound = uniform * total;
      double before = 0;
      float weights[kStretch];
      // A sum is rounded, so the stretch that exceeds the bound may not, token by token: then the next one does.
      for (int64_t stretch = FirstAbove(sums.size(), sums.data(), bound, before); drawn == count; ++stretch) {
        const int64_t first = stretch * kStretch;
        if (first >= count) break;
        const int64_t here = std::min(kStretch, count - first);
        Weights(here, most, logits + first, weights);
        const int64_t found = FirstAbove(here, weights, bound, before);
        if (found < here) drawn = first + found;
      }
      // Rounding may leave the bound unreached at the very end: the last token that has a weight is it.
      if (drawn == count) {
        drawn = count - 1;
        while (drawn > 0 && Weight(logits[drawn] - most) == 0) --drawn;
      }
    }
    *token = static_cast<float>(drawn);
    *log_prob = AreNumbers(count, logits) ? logits[drawn] - most - static_cast<float>(std::log(total)) : std::nanf("");
  }

  void Compute(Call &call) const {
    const int64_t rows = call.Size(1);
    const bool fits = call.Rank(0) == 2 && call.Side(0, 0) == rows && call.Side(0, 1) > 0;
    if (!call.Require(fits, "MidtrainDrawToken: expected logits [N, V] and uniforms [N]")) return;
    const int64_t count = call.Side(0, 1);
    if (!call.Require(count <= 1 << 24, "MidtrainDrawToken: more than 2^24 tokens")) return;
    float *const tokens = call.Output(0, 1, false);
    float *const log_probs = call.Output(1, 1, false);
    if (!call.Ok()) return;
    Shares(rows, 4 * count).Run([&](int64_t from, int64_t to, int64_t) {
      std::vector<float> sums;
      for (int64_t row = from; row < to; ++row) {
        Row(count, call.Input(0) + row * count, call.Input(1)[row], tokens + row, log_probs + row, sums);
      }
    });
  }
};

const Registration<DrawToken> draw_token;

}  // namespace
}  // namespace midtrain
