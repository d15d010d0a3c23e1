// Part of midtrain (MIT). Compiled into the binding of tfjs-node by `midtrain setup tensorflow`.
// Attention over a packed forest, forward and backward. 32 queries are computed at a time, each in a lane of its own, over all
// the keys that any of them sees: scores stand key by key, so that no sum is taken across lanes, and keys and values are read
// where they lie, without being laid out anew.
#include <array>
#include <cmath>
#include <numeric>

#include "lanes.h"
#include "own_op.h"
#include "small_product.h"

namespace midtrain {
namespace {

constexpr int64_t kBlock = kPanel;
// Score of a key that is not seen.
constexpr float kHidden = -1e9f;

// Consecutive keys.
struct Run {
  int64_t start, length;
};

// Consecutive tokens that see the same keys before themselves and, of themselves, what is not later.
struct Segment {
  int64_t query, key, length;
  int64_t first_run, runs;
};

// Segments one after the other which see the same runs, or none.
struct Siblings {
  int64_t first, count, tokens;
};

// What is read of the inputs: who sees what.
class Forest {
 public:
  // From segments [S, 5] and runs [R, 2]; false where they do not lie within the rows, or queries not one after the other.
  bool Read(const float *segments, int64_t segment_count, const float *runs, int64_t run_count, int64_t queries, int64_t keys) {
    const auto whole = [](float x, int64_t most) { return x >= 0 && x <= static_cast<float>(most) && x == std::floor(x); };
    for (int64_t i = 0; i < run_count; ++i) {
      const float *const r = runs + 2 * i;
      if (!whole(r[0], keys) || !whole(r[1], keys) || r[0] + r[1] > static_cast<float>(keys)) return false;
      runs_.push_back({static_cast<int64_t>(r[0]), static_cast<int64_t>(r[1])});
    }
    for (int64_t i = 0; i < segment_count; ++i) {
      const float *const s = segments + 5 * i;
      if (!whole(s[0], queries) || !whole(s[1], keys) || !whole(s[2], queries) || !whole(s[3], run_count) ||
          !whole(s[4], run_count)) {
        return false;
      }
      const Segment segment = {static_cast<int64_t>(s[0]), static_cast<int64_t>(s[1]), static_cast<int64_t>(s[2]),
                               static_cast<int64_t>(s[3]), static_cast<int64_t>(s[4])};
      if (segment.query + segment.length > queries || segment.key + segment.length > keys ||
          segment.first_run + segment.runs > run_count) {
        return false;
      }
      if (segment.length == 0) continue;
      if (!segments_.empty() && segment.query < segments_.back().query + segments_.back().length) return false;
      segments_.push_back(segment);
    }
    Gather();
    return true;
  }

  const std::vector<Segment> &segments() const { return segments_; }
  const std::vector<Run> &runs() const { return runs_; }
  const std::vector<Siblings> &siblings() const { return siblings_; }
  // The siblings of each tree, in order. No key is written to or read by two trees.
  const std::vector<std::vector<int64_t>> &trees() const { return trees_; }

 private:
  void Gather() {
    for (size_t i = 0; i < segments_.size(); ++i) {
      const Segment &here = segments_[i];
      if (!siblings_.empty()) {
        Siblings &last = siblings_.back();
        const Segment &first = segments_[last.first];
        // Documents share nothing, and would be one tree: only short ones are put together, to fill lanes.
        const bool together = here.runs > 0 || last.tokens < kBlock;
        if (together && first.first_run == here.first_run && first.runs == here.runs && first.query + last.tokens == here.query &&
            first.key + last.tokens == here.key) {
          ++last.count;
          last.tokens += here.length;
          continue;
        }
      }
      siblings_.push_back({static_cast<int64_t>(i), 1, here.length});
    }
    Connect();
  }

  // Finds what has keys in common, by the stretches of keys that siblings write to and read.
  void Connect() {
    struct Span {
      int64_t start, end, siblings;
    };
    std::vector<Span> spans;
    for (size_t i = 0; i < siblings_.size(); ++i) {
      const int64_t here = static_cast<int64_t>(i);
      const Segment &first = segments_[siblings_[i].first];
      spans.push_back({first.key, first.key + siblings_[i].tokens, here});
      for (int64_t r = 0; r < first.runs; ++r) {
        const Run &run = runs_[first.first_run + r];
        if (run.length > 0) spans.push_back({run.start, run.start + run.length, here});
      }
    }
    std::sort(spans.begin(), spans.end(), [](const Span &a, const Span &b) { return a.start < b.start; });
    // Of each siblings earlier ones that they are connected with, or themselves.
    std::vector<int64_t> earlier(siblings_.size());
    std::iota(earlier.begin(), earlier.end(), int64_t{0});
    const auto earliest = [&earlier](int64_t i) {
      while (earlier[i] != i) i = earlier[i] = earlier[earlier[i]];
      return i;
    };
    int64_t reached = 0;
    for (size_t i = 0; i < spans.size(); ++i) {
      if (spans[i].start < reached) {
        const int64_t a = earliest(spans[i - 1].siblings);
        const int64_t b = earliest(spans[i].siblings);
        earlier[std::max(a, b)] = std::min(a, b);
      }
      reached = std::max(reached, spans[i].end);
    }
    std::vector<int64_t> tree_of(siblings_.size());
    for (size_t i = 0; i < siblings_.size(); ++i) {
      const size_t first = static_cast<size_t>(earliest(static_cast<int64_t>(i)));
      if (first == i) {
        tree_of[i] = static_cast<int64_t>(trees_.size());
        trees_.emplace_back();
      }
      trees_[tree_of[first]].push_back(static_cast<int64_t>(i));
    }
  }

  std::vector<Segment> segments_;
  std::vector<Run> runs_;
  std::vector<Siblings> siblings_;
  std::vector<std::vector<int64_t>> trees_;
};

struct Shape {
  int64_t heads, key_heads, per_key, width;
  // From a token to the next.
  int64_t query_stride() const { return heads * width; }
  int64_t key_stride() const { return key_heads * width; }
};

// 32 lanes, and the keys that they see: a query head of a token each.
struct Block {
  int64_t lanes;
  std::array<int64_t, kBlock> row;  // of the first number of the lane's query
  std::array<int32_t, kBlock> from, to;  // own keys that it sees
  std::vector<Run> keys;  // the last of them holds their own
  int64_t key_count;
};

// What a thread computes with.
struct Scratch {
  Block block;
  std::vector<float> rows, lanes, scores;  // of the queries, by row and by lane
  std::vector<float> gradient_rows, gradient_lanes, gradient_scores;
  std::vector<float> sums, spare;
};

// Lays rows out by lanes: [32, width] with rows `stride` apart → [width, 32].
MIDTRAIN_VECTORS void ByLanes(int64_t width, int64_t stride, const float *rows, float *lanes) {
  for (int64_t i = 0; i < width; ++i, lanes += kBlock) {
    for (int64_t lane = 0; lane < kBlock; ++lane) lanes[lane] = rows[lane * stride + i];
  }
}

// Hides what lanes do not see of their own keys, from `first` on.
MIDTRAIN_VECTORS void Hide(int64_t keys, int64_t first, const int32_t *from, const int32_t *to, float *scores) {
  for (int64_t i = 0; i < keys; ++i, scores += kBlock) {
    const int32_t key = static_cast<int32_t>(first + i);
#pragma GCC ivdep
    for (int64_t lane = 0; lane < kBlock; ++lane) {
      const int32_t seen = (from[lane] <= key) & (key <= to[lane]);
      scores[lane] = seen != 0 ? scores[lane] : kHidden;
    }
  }
}

// Scores → weights, not yet divided by their sums; what they are to be multiplied by instead, NaN where a score is none.
MIDTRAIN_VECTORS void Weigh(int64_t keys, float *scores, float *inverse) {
  float most[kBlock];
  float total[kBlock] = {};
  float none[kBlock] = {};
  std::copy_n(scores, kBlock, most);
  for (int64_t i = 1; i < keys; ++i) {
    const float *const row = scores + i * kBlock;
    for (int64_t lane = 0; lane < kBlock; ++lane) most[lane] = row[lane] > most[lane] ? row[lane] : most[lane];
  }
  for (int64_t i = 0; i < keys; ++i) {
    float *const row = scores + i * kBlock;
#pragma GCC ivdep
    for (int64_t lane = 0; lane < kBlock; ++lane) {
      const float x = row[lane] - most[lane];
      const float weight = Weight(x);
      row[lane] = weight;
      total[lane] += weight;
      none[lane] += x == x ? 0.0f : 1.0f;
    }
  }
  for (int64_t lane = 0; lane < kBlock; ++lane) inverse[lane] = none[lane] == 0 ? 1.0f / total[lane] : std::nanf("");
}

// Weights w and the gradients g of the probabilities p = w · inverse → p, and p · (g − Σ p·g).
MIDTRAIN_VECTORS void Spread(int64_t keys, const float *inverse, float *weights, float *gradients) {
  float along[kBlock] = {};
  for (int64_t i = 0; i < keys; ++i) {
    const float *const w = weights + i * kBlock;
    const float *const g = gradients + i * kBlock;
#pragma GCC ivdep
    for (int64_t lane = 0; lane < kBlock; ++lane) along[lane] += w[lane] * g[lane];
  }
  for (int64_t lane = 0; lane < kBlock; ++lane) along[lane] *= inverse[lane];
  for (int64_t i = 0; i < keys; ++i) {
    float *const w = weights + i * kBlock;
    float *const g = gradients + i * kBlock;
#pragma GCC ivdep
    for (int64_t lane = 0; lane < kBlock; ++lane) {
      const float p = w[lane] * inverse[lane];
      w[lane] = p;
      g[lane] = p * (g[lane] - along[lane]);
    }
  }
}

// The lanes of some siblings from `first` on, counted over tokens and the query heads of a key head.
void Fill(const Forest &forest, const Siblings &siblings, int64_t first, int64_t key_head, const Shape &shape, Block &block) {
  const int64_t end = std::min(siblings.tokens * shape.per_key, first + kBlock);
  const Segment *segment = &forest.segments()[siblings.first];
  const int64_t query = segment->query;
  const int64_t key = segment->key;
  block.keys.clear();
  block.key_count = 0;
  for (int64_t r = 0; r < segment->runs; ++r) {
    const Run &run = forest.runs()[segment->first_run + r];
    if (run.length == 0) continue;
    block.keys.push_back(run);
    block.key_count += run.length;
  }
  block.lanes = end - first;
  for (int64_t lane = 0; lane < block.lanes; ++lane) {
    const int64_t token = (first + lane) / shape.per_key;
    while (segment->key + segment->length <= key + token) ++segment;
    block.row[lane] = (query + token) * shape.query_stride() +
                      (key_head * shape.per_key + (first + lane) % shape.per_key) * shape.width;
    block.from[lane] = static_cast<int32_t>(segment->key);
    block.to[lane] = static_cast<int32_t>(key + token);
  }
  // Lanes that are too many see what the last one does, so that none divides by 0; nothing is written of them.
  for (int64_t lane = block.lanes; lane < kBlock; ++lane) {
    block.row[lane] = -1;
    block.from[lane] = block.from[block.lanes - 1];
    block.to[lane] = block.to[block.lanes - 1];
  }
  const Run own = {block.from[0], block.to[block.lanes - 1] + 1 - block.from[0]};
  block.keys.push_back(own);
  block.key_count += own.length;
}

// Rows of the lanes, times a factor, in room for whole panels; and the same by lanes.
void Take(const Block &block, const Shape &shape, const float *x, float factor, std::vector<float> &rows,
          std::vector<float> &lanes) {
  const int64_t room = Panels(shape.width) * kPanel;
  rows.assign(kBlock * room, 0.0f);
  lanes.resize(shape.width * kBlock);
  for (int64_t lane = 0; lane < block.lanes; ++lane) {
    const float *const from = x + block.row[lane];
    float *const to = rows.data() + lane * room;
    for (int64_t i = 0; i < shape.width; ++i) to[i] = from[i] * factor;
  }
  ByLanes(shape.width, room, rows.data(), lanes.data());
}

// Products of all keys (or values) of a block with its lanes: [keys, 32].
void WithKeys(const Block &block, const Shape &shape, const float *keys, const float *lanes, float *out) {
  for (const Run &run : block.keys) {
    PanelProduct<false>(run.length, shape.width, keys + run.start * shape.key_stride(), shape.key_stride(), lanes, kPanel, out,
                        kPanel, false);
    out += run.length * kBlock;
  }
}

// Sums of all keys (or values) of a block, weighed for each lane: [width, 32].
void OverKeys(const Block &block, const Shape &shape, const float *keys, const float *weights, float *out) {
  bool add = false;
  for (const Run &run : block.keys) {
    PanelProduct<true>(shape.width, run.length, keys + run.start * shape.key_stride(), shape.key_stride(), weights, kPanel, out,
                       kPanel, add);
    weights += run.length * kBlock;
    add = true;
  }
}

// Adds what the lanes' rows give to every key's gradient, weighed.
void ToKeys(const Block &block, const Shape &shape, const float *weights, const float *rows, float *gradient,
            std::vector<float> &spare) {
  const int64_t panels = Panels(shape.width);
  for (const Run &run : block.keys) {
    float *const to = gradient + run.start * shape.key_stride();
    for (int64_t panel = 0; panel < panels; ++panel) {
      const int64_t first = panel * kPanel;
      const int64_t columns = std::min(kPanel, shape.width - first);
      if (columns == kPanel) {
        PanelProduct<false>(run.length, kBlock, weights, kBlock, rows + first, panels * kPanel, to + first, shape.key_stride(),
                            true);
        continue;
      }
      spare.resize(run.length * kPanel);
      PanelProduct<false>(run.length, kBlock, weights, kBlock, rows + first, panels * kPanel, spare.data(), kPanel, false);
      for (int64_t key = 0; key < run.length; ++key) {
        for (int64_t i = 0; i < columns; ++i) to[key * shape.key_stride() + first + i] += spare[key * kPanel + i];
      }
    }
    weights += run.length * kBlock;
  }
}

// Writes what stands by lanes to their rows.
void Put(const Block &block, const Shape &shape, const float *lanes, const float *factors, float *out) {
  for (int64_t lane = 0; lane < block.lanes; ++lane) {
    float *const to = out + block.row[lane];
    for (int64_t i = 0; i < shape.width; ++i) to[i] = lanes[i * kBlock + lane] * factors[lane];
  }
}

// Scores of a block, weighed.
void Scores(const Shape &shape, float scale, const float *q, const float *keys, Scratch &scratch, float *inverse) {
  const Block &block = scratch.block;
  Take(block, shape, q, scale, scratch.rows, scratch.lanes);
  scratch.scores.resize(block.key_count * kBlock);
  WithKeys(block, shape, keys, scratch.lanes.data(), scratch.scores.data());
  const Run &own = block.keys.back();
  Hide(own.length, own.start, block.from.data(), block.to.data(),
       scratch.scores.data() + (block.key_count - own.length) * kBlock);
  Weigh(block.key_count, scratch.scores.data(), inverse);
}

// What both directions check and set up: inputs q, k, v, `others` of q's shape, segments and runs.
bool Prepare(Call &call, int others, Shape &shape, Forest &forest) {
  const int segments = 3 + others;
  bool fits = call.Rank(0) == 3 && call.Rank(1) == 3 && call.Size(2) == call.Size(1) && call.Rank(segments) == 2 &&
              call.Rank(segments + 1) == 2 && call.Side(segments, 1) == 5 && call.Side(segments + 1, 1) == 2;
  if (fits) {
    shape = {call.Side(0, 1), call.Side(1, 1), 0, call.Side(0, 2)};
    fits = shape.key_heads > 0 && shape.heads % shape.key_heads == 0 && call.Side(1, 2) == shape.width &&
           call.Side(0, 0) < (1 << 24) && call.Side(1, 0) < (1 << 24);
    if (others > 0) fits = fits && call.Size(3) == call.Size(0);
  }
  if (!call.Require(fits, "MidtrainSegmentAttention: expected q [N, H, D], k and v [M, K, D], segments [S, 5] and runs [R, 2]")) {
    return false;
  }
  shape.per_key = shape.heads / shape.key_heads;
  return call.Require(forest.Read(call.Input(segments), call.Side(segments, 0), call.Input(segments + 1),
                                  call.Side(segments + 1, 0), call.Side(0, 0), call.Side(1, 0)),
                      "MidtrainSegmentAttention: segments and runs must lie within the rows, queries in order");
}

struct SegmentAttention {
  static constexpr const char *kName = "MidtrainSegmentAttention";
  static constexpr std::array<const char *, 5> kInputs = {"q", "k", "v", "segments", "runs"};
  static constexpr std::array<int, 1> kLike = {0};
  static constexpr std::array<const char *, 1> kAttributes = {"scale: float"};
  float scale = 1;
  void Read(Attributes &attributes) { scale = attributes.Number("scale"); }

  void Compute(Call &call) const {
    Shape shape = {};
    Forest forest;
    if (!Prepare(call, 0, shape, forest)) return;
    float *const out = call.Output(0, 0, false);
    if (!call.Ok()) return;
    std::fill_n(out, call.Size(0), 0.0f);

    struct Task {
      const Siblings *siblings;
      int64_t first;
    };
    std::vector<Task> tasks;
    for (const Siblings &siblings : forest.siblings()) {
      for (int64_t first = 0; first < siblings.tokens * shape.per_key; first += kBlock) tasks.push_back({&siblings, first});
    }
    const int64_t count = static_cast<int64_t>(tasks.size()) * shape.key_heads;
    // Two blocks are worth a thread.
    EachTask<Scratch>(count, Shares(count, 1 << 16).count(), [&](int64_t i, Scratch &scratch) {
      const Task &task = tasks[i / shape.key_heads];
      const int64_t key_head = i % shape.key_heads;
      Fill(forest, *task.siblings, task.first, key_head, shape, scratch.block);
      float inverse[kBlock];
      Scores(shape, scale, call.Input(0), call.Input(1) + key_head * shape.width, scratch, inverse);
      scratch.sums.resize(shape.width * kBlock);
      OverKeys(scratch.block, shape, call.Input(2) + key_head * shape.width, scratch.scores.data(), scratch.sums.data());
      Put(scratch.block, shape, scratch.sums.data(), inverse, out);
    });
  }
};

struct SegmentAttentionGradient {
  static constexpr const char *kName = "MidtrainSegmentAttentionGradient";
  static constexpr std::array<const char *, 6> kInputs = {"q", "k", "v", "gradient", "segments", "runs"};
  static constexpr std::array<int, 3> kLike = {0, 1, 2};
  static constexpr std::array<const char *, 1> kAttributes = {"scale: float"};
  float scale = 1;
  void Read(Attributes &attributes) { scale = attributes.Number("scale"); }

  void Compute(Call &call) const {
    Shape shape = {};
    Forest forest;
    if (!Prepare(call, 1, shape, forest)) return;
    float *const of_q = call.Output(0, 0, false);
    float *const of_k = call.Output(1, 1, false);
    float *const of_v = call.Output(2, 2, false);
    if (!call.Ok()) return;
    std::fill_n(of_q, call.Size(0), 0.0f);
    std::fill_n(of_k, call.Size(1), 0.0f);
    std::fill_n(of_v, call.Size(2), 0.0f);

    // Nobody else writes to the keys of a tree and a key head.
    const int64_t count = static_cast<int64_t>(forest.trees().size()) * shape.key_heads;
    std::array<float, kBlock> factors;
    factors.fill(scale);
    // A tree is worth a thread.
    EachTask<Scratch>(count, Shares(count, 1 << 17).count(), [&](int64_t i, Scratch &scratch) {
      const std::vector<int64_t> &tree = forest.trees()[i / shape.key_heads];
      const int64_t at = i % shape.key_heads * shape.width;
      const float *const keys = call.Input(1) + at;
      const float *const values = call.Input(2) + at;
      Block &block = scratch.block;
      for (const int64_t s : tree) {
        const Siblings &siblings = forest.siblings()[s];
        for (int64_t first = 0; first < siblings.tokens * shape.per_key; first += kBlock) {
          Fill(forest, siblings, first, i % shape.key_heads, shape, block);
          float inverse[kBlock];
          Scores(shape, scale, call.Input(0), keys, scratch, inverse);
          Take(block, shape, call.Input(3), 1.0f, scratch.gradient_rows, scratch.gradient_lanes);
          scratch.gradient_scores.resize(block.key_count * kBlock);
          WithKeys(block, shape, values, scratch.gradient_lanes.data(), scratch.gradient_scores.data());
          Spread(block.key_count, inverse, scratch.scores.data(), scratch.gradient_scores.data());
          scratch.sums.resize(shape.width * kBlock);
          OverKeys(block, shape, keys, scratch.gradient_scores.data(), scratch.sums.data());
          Put(block, shape, scratch.sums.data(), factors.data(), of_q);
          ToKeys(block, shape, scratch.gradient_scores.data(), scratch.rows.data(), of_k + at, scratch.spare);
          ToKeys(block, shape, scratch.scores.data(), scratch.gradient_rows.data(), of_v + at, scratch.spare);
        }
      }
    });
  }
};

const Registration<SegmentAttention> segment_attention;
const Registration<SegmentAttentionGradient> segment_attention_gradient;

}  // namespace
}  // namespace midtrain
