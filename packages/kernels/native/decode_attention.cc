// Part of midtrain (MIT). Compiled into the binding of tfjs-node by `midtrain setup tensorflow`.
// Attention of the newest token of many branches, as one operation: what they share of a document is a product for all of them,
// their own few tokens are added branch by branch, and nothing is laid out anew on the way.
#include <array>
#include <cmath>
#include <numeric>

#include "lanes.h"
#include "own_op.h"
#include "small_product.h"

namespace midtrain {
namespace {

// What is masked has −10⁹ added.
constexpr float kHidden = -1e8f;
// Query rows of a product: their scores stay in the cache.
constexpr int64_t kRows = 48;

struct DecodeAttention {
  static constexpr const char *kName = "MidtrainDecodeAttention";
  static constexpr std::array<const char *, 8> kInputs = {"q",           "own_keys",      "own_values",  "own_mask",
                                                          "shared_keys", "shared_values", "shared_mask", "documents"};
  static constexpr std::array<int, 1> kLike = {0};
  static constexpr std::array<const char *, 1> kAttributes = {"scale: float"};
  float scale = 1;
  void Read(Attributes &attributes) { scale = attributes.Number("scale"); }

  struct Sizes {
    int64_t branches, heads, key_heads, per_key, width, own, shared;
  };

  // What a thread computes with.
  struct Scratch {
    PanelMatrix keys, values;
    std::vector<float> queries, weights, sums;
  };

  // Scores of a branch's own tokens; those it does not see get no weight.
  MIDTRAIN_VECTORS static void OwnScores(int64_t rows, int64_t width, int64_t tokens, const float *queries, const float *keys,
                                         const float *mask, float *scores, int64_t stride) {
    for (int64_t token = 0; token < tokens; ++token, keys += width) {
      for (int64_t row = 0; row < rows; ++row) {
        const float *query = queries + row * width;
        scores[row * stride + token] =
            mask[token] < kHidden ? 2 * kHidden : SumOver(width, [=](int64_t i) { return query[i] * keys[i]; }) + mask[token];
      }
    }
  }

  // Adds the mask of `tokens` scores, and hides those that fill a panel up.
  MIDTRAIN_VECTORS static void Mask(int64_t rows, int64_t tokens, int64_t filled, const float *mask, float *scores,
                                    int64_t stride) {
    for (int64_t row = 0; row < rows; ++row, scores += stride) {
#pragma GCC ivdep
      for (int64_t token = 0; token < tokens; ++token) scores[token] += mask[token];
      std::fill(scores + tokens, scores + filled, 2 * kHidden);
    }
  }

  // Makes weights of scores; returns their sum, NaN where a score is none.
  MIDTRAIN_VECTORS static float Weigh(int64_t count, float *scores) {
    const float most = Largest(count, scores);
    if (!AreSound(count, scores, most)) return std::nanf("");
#pragma GCC ivdep
    for (int64_t j = 0; j < count; ++j) scores[j] = Exp(scores[j] - most);
    return SumOver(count, [scores](int64_t j) { return scores[j]; });
  }

  MIDTRAIN_VECTORS static void AddOwn(int64_t rows, int64_t width, int64_t tokens, const float *values, const float *mask,
                                      const float *weights, int64_t weight_stride, float *sums, int64_t sum_stride) {
    for (int64_t token = 0; token < tokens; ++token, values += width) {
      if (mask[token] < kHidden) continue;
      for (int64_t row = 0; row < rows; ++row) {
        const float weight = weights[row * weight_stride + token];
        float *sum = sums + row * sum_stride;
#pragma GCC ivdep
        for (int64_t i = 0; i < width; ++i) sum[i] += weight * values[i];
      }
    }
  }

  MIDTRAIN_VECTORS static void Scaled(int64_t count, float factor, const float *from, float *to) {
#pragma GCC ivdep
    for (int64_t i = 0; i < count; ++i) to[i] = from[i] * factor;
  }

  // Some branches of one document, at one key head whose shared keys and values are packed.
  void Attend(const Sizes &is, const Call &call, float *out, int64_t key_head, const int64_t *branches, int64_t count,
              Scratch &scratch) const {
    const int64_t rows = count * is.per_key;
    const int64_t filled = Panels(is.shared) * kPanel;
    const int64_t stride = filled + is.own;
    const int64_t sum_stride = Panels(is.width) * kPanel;
    scratch.queries.resize(rows * is.width);
    scratch.weights.resize(rows * stride);
    scratch.sums.resize(rows * sum_stride);
    float *const queries = scratch.queries.data();
    float *const weights = scratch.weights.data();
    float *const sums = scratch.sums.data();
    const auto first_row = [&](int64_t branch) { return (branch * is.heads + key_head * is.per_key) * is.width; };
    const auto own_cache = [&](int64_t branch) { return (branch * is.key_heads + key_head) * is.own * is.width; };

    for (int64_t b = 0; b < count; ++b) {
      Scaled(is.per_key * is.width, scale, call.Input(0) + first_row(branches[b]), queries + b * is.per_key * is.width);
    }
    SmallProduct(rows, is.width, queries, is.width, scratch.keys, weights, stride);
    for (int64_t b = 0; b < count; ++b) {
      float *const scores = weights + b * is.per_key * stride;
      Mask(is.per_key, is.shared, filled, call.Input(6) + branches[b] * is.shared, scores, stride);
      OwnScores(is.per_key, is.width, is.own, queries + b * is.per_key * is.width, call.Input(1) + own_cache(branches[b]),
                call.Input(3) + branches[b] * is.own, scores + filled, stride);
    }
    std::vector<float> totals(rows);
    for (int64_t row = 0; row < rows; ++row) totals[row] = Weigh(stride, weights + row * stride);
    SmallProduct(rows, is.shared, weights, stride, scratch.values, sums, sum_stride);
    for (int64_t b = 0; b < count; ++b) {
      const int64_t row = b * is.per_key;
      AddOwn(is.per_key, is.width, is.own, call.Input(2) + own_cache(branches[b]), call.Input(3) + branches[b] * is.own,
             weights + row * stride + filled, stride, sums + row * sum_stride, sum_stride);
      for (int64_t f = 0; f < is.per_key; ++f) {
        Scaled(is.width, 1.0f / totals[row + f], sums + (row + f) * sum_stride, out + first_row(branches[b]) + f * is.width);
      }
    }
  }

  void Compute(Call &call) const {
    bool fits = call.Rank(0) == 3 && call.Rank(1) == 4 && call.Rank(4) == 4;
    Sizes is = {};
    if (fits) {
      is = {call.Side(0, 0), call.Side(0, 1), call.Side(1, 1), 0, call.Side(0, 2), call.Side(1, 2), call.Side(4, 2)};
      const auto [branches, heads, key_heads, per_key, width, own, shared] = is;
      fits = heads > 0 && key_heads > 0 && heads % key_heads == 0 && call.Side(1, 0) == branches && call.Side(1, 3) == width &&
             call.Size(2) == call.Size(1) && call.Size(3) == branches * own && call.Side(4, 1) == key_heads &&
             call.Side(4, 3) == width && call.Size(5) == call.Size(4) && call.Size(6) == branches * shared &&
             call.Size(7) == branches && own > 0 && shared > 0;
    }
    if (!call.Require(fits, "MidtrainDecodeAttention: q [M, H, D], own [M, K, S, D] and shared [L, K, T, D] do not fit")) return;
    is.per_key = is.heads / is.key_heads;
    const auto document = [&](int64_t branch) { return static_cast<int64_t>(call.Input(7)[branch]); };
    std::vector<int64_t> order(is.branches);
    std::iota(order.begin(), order.end(), int64_t{0});
    for (int64_t branch : order) fits = fits && document(branch) >= 0 && document(branch) < call.Side(4, 0);
    if (!call.Require(fits, "MidtrainDecodeAttention: a branch reads a document that is not there")) return;
    std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) { return document(a) < document(b); });
    float *const out = call.Output(0, 0, false);
    if (!call.Ok()) return;

    // A share is a stretch of branches, key head after key head.
    const int64_t most = std::max<int64_t>(1, kRows / is.per_key);
    Shares(is.key_heads * is.branches, is.per_key * (is.shared + is.own) * 8).Run([&](int64_t from, int64_t to, int64_t) {
      Scratch scratch;
      int64_t packed = -1;
      while (from < to) {
        const int64_t key_head = from / is.branches;
        const int64_t *const branches = order.data() + from % is.branches;
        const int64_t left = std::min(to, (key_head + 1) * is.branches) - from;
        int64_t count = 1;
        while (count < std::min(left, most) && document(branches[count]) == document(branches[0])) ++count;
        const int64_t wanted = document(branches[0]) * is.key_heads + key_head;
        if (packed != wanted) {
          packed = wanted;
          scratch.keys.PackTransposed(call.Input(4) + wanted * is.shared * is.width, is.width, is.shared);
          scratch.values.Pack(call.Input(5) + wanted * is.shared * is.width, is.shared, is.width);
        }
        Attend(is, call, out, key_head, branches, count, scratch);
        from += count;
      }
    });
  }
};

const Registration<DecodeAttention> decode_attention;

}  // namespace
}  // namespace midtrain
