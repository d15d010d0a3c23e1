// Part of midtrain (MIT). Compiled into the binding of tfjs-node by `midtrain setup tensorflow`.
// What a decoder and its optimiser do between matrix products, each in one pass over memory where TensorFlow's own operations
// take several. They are called like any other operation, by itself or in a graph.
#include <array>
#include <cmath>

#include "lanes.h"
#include "own_op.h"

namespace midtrain {
namespace {

inline __attribute__((always_inline)) float Sigmoid(float x) { return 1.0f / (1.0f + Exp(-x)); }

struct AdamW {
  static constexpr const char *kName = "MidtrainAdamWUpdate";
  static constexpr std::array<const char *, 6> kInputs = {"parameter",     "gradient", "first_moment",
                                                          "second_moment", "scalars",  "factor"};
  static constexpr std::array<int, 3> kLike = {0, 2, 3};
  static constexpr std::array<const char *, 3> kAttributes = {"beta1: float", "beta2: float", "decays: bool"};
  float beta1 = 0;
  float beta2 = 0;
  bool decays = false;

  void Read(Attributes &attributes) {
    beta1 = attributes.Number("beta1");
    beta2 = attributes.Number("beta2");
    decays = attributes.Flag("decays");
  }

  struct Step {
    float new_first, beta2, step_size, shift, shrink, factor;
  };

  MIDTRAIN_VECTORS static void Update(int64_t count, Step step, const float *parameter, const float *gradient,
                                      const float *first, const float *second, float *parameter_out, float *first_out,
                                      float *second_out) {
#pragma GCC ivdep
    for (int64_t i = 0; i < count; ++i) {
      const float g = gradient[i] * step.factor;
      const float m = first[i] + (g - first[i]) * step.new_first;
      const float v = second[i] * step.beta2 + g * g * (1 - step.beta2);
      parameter_out[i] = parameter[i] * step.shrink - m * step.step_size / (std::sqrt(v) + step.shift);
      first_out[i] = m;
      second_out[i] = v;
    }
  }

  void Compute(Call &call) const {
    const int64_t count = call.Size(0);
    call.Require(call.Size(1) == count && call.Size(2) == count && call.Size(3) == count,
                 "MidtrainAdamWUpdate: gradient and moments must be as large as the parameter");
    if (!call.Require(call.Size(4) == 3 && call.Size(5) == 1, "MidtrainAdamWUpdate: there must be 3 scalars and 1 factor")) return;
    float *const parameter = call.Output(0, 0, true);
    float *const first = call.Output(1, 2, true);
    float *const second = call.Output(2, 3, true);
    if (!call.Ok()) return;
    const float *const scalars = call.Input(4);
    const Step step = {1 - beta1, beta2, scalars[0], scalars[1], decays ? scalars[2] : 1.0f, *call.Input(5)};
    Shares(count, 7).Run([&](int64_t from, int64_t to, int64_t) {
      Update(to - from, step, call.Input(0) + from, call.Input(1) + from, call.Input(2) + from, call.Input(3) + from,
             parameter + from, first + from, second + from);
    });
  }
};

struct SwiGlu {
  static constexpr const char *kName = "MidtrainSwiGlu";
  static constexpr std::array<const char *, 2> kInputs = {"gate", "up"};
  static constexpr std::array<int, 1> kLike = {0};
  static constexpr std::array<const char *, 0> kAttributes = {};
  void Read(Attributes &) {}

  MIDTRAIN_VECTORS static void Apply(int64_t count, const float *gate, const float *up, float *out) {
#pragma GCC ivdep
    for (int64_t i = 0; i < count; ++i) out[i] = gate[i] * Sigmoid(gate[i]) * up[i];
  }

  void Compute(Call &call) const {
    const int64_t count = call.Size(0);
    if (!call.Require(call.Size(1) == count, "MidtrainSwiGlu: gate and up must be of one size")) return;
    float *const out = call.Output(0, 0, true);
    if (!call.Ok()) return;
    Shares(count, 5).Run([&](int64_t from, int64_t to, int64_t) {
      Apply(to - from, call.Input(0) + from, call.Input(1) + from, out + from);
    });
  }
};

struct SwiGluGradient {
  static constexpr const char *kName = "MidtrainSwiGluGradient";
  static constexpr std::array<const char *, 3> kInputs = {"gate", "up", "gradient"};
  static constexpr std::array<int, 2> kLike = {0, 1};
  static constexpr std::array<const char *, 0> kAttributes = {};
  void Read(Attributes &) {}

  MIDTRAIN_VECTORS static void Apply(int64_t count, const float *gate, const float *up, const float *gradient,
                                     float *of_gate, float *of_up) {
#pragma GCC ivdep
    for (int64_t i = 0; i < count; ++i) {
      const float x = gate[i];
      const float u = up[i];
      const float g = gradient[i];
      const float s = Sigmoid(x);
      of_gate[i] = g * u * s * (1 + x * (1 - s));
      of_up[i] = g * x * s;
    }
  }

  void Compute(Call &call) const {
    const int64_t count = call.Size(0);
    if (!call.Require(call.Size(1) == count && call.Size(2) == count,
                      "MidtrainSwiGluGradient: gate, up and gradient must be of one size")) {
      return;
    }
    float *const of_gate = call.Output(0, 0, true);
    float *const of_up = call.Output(1, 1, true);
    if (!call.Ok()) return;
    Shares(count, 8).Run([&](int64_t from, int64_t to, int64_t) {
      Apply(to - from, call.Input(0) + from, call.Input(1) + from, call.Input(2) + from, of_gate + from, of_up + from);
    });
  }
};

struct RmsNorm {
  static constexpr const char *kName = "MidtrainRmsNorm";
  static constexpr std::array<const char *, 2> kInputs = {"x", "weight"};
  static constexpr std::array<int, 1> kLike = {0};
  static constexpr std::array<const char *, 1> kAttributes = {"epsilon: float"};
  float epsilon = 0;
  void Read(Attributes &attributes) { epsilon = attributes.Number("epsilon"); }

  MIDTRAIN_VECTORS static void Apply(int64_t rows, int64_t width, float epsilon, const float *x, const float *weight,
                                     float *out) {
    for (int64_t row = 0; row < rows; ++row, x += width, out += width) {
      const float squares = SumOver(width, [x](int64_t i) { return x[i] * x[i]; });
      const float scale = 1.0f / std::sqrt(squares / width + epsilon);
#pragma GCC ivdep
      for (int64_t i = 0; i < width; ++i) out[i] = x[i] * scale * weight[i];
    }
  }

  void Compute(Call &call) const {
    const int64_t width = call.Size(1);
    if (!call.Require(call.Rank(0) == 2 && call.Side(0, 1) == width, "MidtrainRmsNorm: expected x [N, D] and weight [D]")) return;
    float *const out = call.Output(0, 0, true);
    if (!call.Ok()) return;
    Shares(call.Side(0, 0), 2 * width).Run([&](int64_t from, int64_t to, int64_t) {
      Apply(to - from, width, epsilon, call.Input(0) + from * width, call.Input(1), out + from * width);
    });
  }
};

struct RmsNormGradient {
  static constexpr const char *kName = "MidtrainRmsNormGradient";
  static constexpr std::array<const char *, 3> kInputs = {"x", "weight", "gradient"};
  static constexpr std::array<int, 2> kLike = {0, 1};
  static constexpr std::array<const char *, 1> kAttributes = {"epsilon: float"};
  float epsilon = 0;
  void Read(Attributes &attributes) { epsilon = attributes.Number("epsilon"); }

  // With r = 1/√(mean(x²) + ε): dx = r·(w·g − x·r²·mean(w·g·x)), dw = Σ g·x·r.
  MIDTRAIN_VECTORS static void Apply(int64_t rows, int64_t width, float epsilon, const float *x, const float *weight,
                                     const float *gradient, float *of_x, float *of_weight) {
    for (int64_t row = 0; row < rows; ++row, x += width, gradient += width, of_x += width) {
      const float squares = SumOver(width, [x](int64_t i) { return x[i] * x[i]; });
      const float along = SumOver(width, [=](int64_t i) { return weight[i] * gradient[i] * x[i]; });
      const float r = 1.0f / std::sqrt(squares / width + epsilon);
      const float back = r * r * along / width;
#pragma GCC ivdep
      for (int64_t i = 0; i < width; ++i) {
        const float g = gradient[i];
        of_weight[i] += g * x[i] * r;
        of_x[i] = r * (weight[i] * g - x[i] * back);
      }
    }
  }

  void Compute(Call &call) const {
    const int64_t width = call.Size(1);
    if (!call.Require(call.Rank(0) == 2 && call.Side(0, 1) == width && call.Size(2) == call.Size(0),
                      "MidtrainRmsNormGradient: expected x and gradient [N, D] and weight [D]")) {
      return;
    }
    float *const of_x = call.Output(0, 0, false);
    float *const of_weight = call.Output(1, 1, false);
    if (!call.Ok()) return;
    const Shares shares(call.Side(0, 0), 3 * width);
    std::vector<float> parts(shares.count() * width);
    shares.Run([&](int64_t from, int64_t to, int64_t share) {
      Apply(to - from, width, epsilon, call.Input(0) + from * width, call.Input(1), call.Input(2) + from * width,
            of_x + from * width, parts.data() + share * width);
    });
    std::copy_n(parts.data(), width, of_weight);
    for (int64_t share = 1; share < shares.count(); ++share) {
      for (int64_t i = 0; i < width; ++i) of_weight[i] += parts[share * width + i];
    }
  }
};

struct Rotary {
  static constexpr const char *kName = "MidtrainRotary";
  static constexpr std::array<const char *, 3> kInputs = {"x", "cos", "sin"};
  static constexpr std::array<int, 1> kLike = {0};
  static constexpr std::array<const char *, 1> kAttributes = {"inverse: bool"};
  bool inverse = false;
  void Read(Attributes &attributes) { inverse = attributes.Flag("inverse"); }

  MIDTRAIN_VECTORS static void Apply(int64_t tokens, int64_t heads, int64_t half, float sign, const float *x,
                                     const float *cosines, const float *sines, float *out) {
    for (int64_t token = 0; token < tokens; ++token, cosines += half, sines += half) {
      for (int64_t head = 0; head < heads; ++head, x += 2 * half, out += 2 * half) {
#pragma GCC ivdep
        for (int64_t i = 0; i < half; ++i) {
          const float a = x[i];
          const float b = x[half + i];
          const float s = sign * sines[i];
          out[i] = a * cosines[i] - b * s;
          out[half + i] = b * cosines[i] + a * s;
        }
      }
    }
  }

  void Compute(Call &call) const {
    const bool fits = call.Rank(0) == 3 && call.Rank(1) == 2 && call.Side(1, 0) == call.Side(0, 0) &&
                      2 * call.Side(1, 1) == call.Side(0, 2) && call.Size(2) == call.Size(1);
    if (!call.Require(fits, "MidtrainRotary: expected x [N, H, D] with cos and sin [N, D/2]")) return;
    float *const out = call.Output(0, 0, true);
    if (!call.Ok()) return;
    const int64_t heads = call.Side(0, 1);
    const int64_t width = heads * call.Side(0, 2);
    const int64_t half = call.Side(1, 1);
    Shares(call.Side(0, 0), 2 * width).Run([&](int64_t from, int64_t to, int64_t) {
      Apply(to - from, heads, half, inverse ? -1.0f : 1.0f, call.Input(0) + from * width, call.Input(1) + from * half,
            call.Input(2) + from * half, out + from * width);
    });
  }
};

// Once a process, when the binding is loaded.
const Registration<AdamW> adam_w;
const Registration<SwiGlu> swi_glu;
const Registration<SwiGluGradient> swi_glu_gradient;
const Registration<RmsNorm> rms_norm;
const Registration<RmsNormGradient> rms_norm_gradient;
const Registration<Rotary> rotary;

}  // namespace
}  // namespace midtrain
