// Part of midtrain (MIT). Compiled into the binding of tfjs-node by `midtrain setup tensorflow`.
// What TensorFlow asks of an operation of one's own, in C++ over its C interface: all in float32, on the CPU.
#ifndef MIDTRAIN_OWN_OP_H_
#define MIDTRAIN_OWN_OP_H_

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <initializer_list>
#include <new>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tensorflow/c/kernels.h"
#include "tensorflow/c/ops.h"
#include "tensorflow/c/tf_tensor.h"

// Compiled once for each kind of vector unit; the processor's is taken when the binding is loaded. By feature: compilers do not
// know processors that are newer than they are.
#if defined(__x86_64__) && defined(__linux__)
#define MIDTRAIN_VECTORS __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define MIDTRAIN_VECTORS
#endif

namespace midtrain {

inline int64_t ReadThreads() {
  const char *set = std::getenv("TF_NUM_INTRAOP_THREADS");
  const int64_t threads = set != nullptr ? std::atoi(set) : 0;
  return threads < 1 ? std::max(1u, std::thread::hardware_concurrency()) : threads;
}

inline const int64_t kThreads = ReadThreads();

// Cuts rows into shares for as many threads as TensorFlow's own operations run on.
class Shares {
 public:
  // `numbers` is what a row reads and writes.
  Shares(int64_t rows, int64_t numbers) : rows_(rows) {
    // Fewer numbers than these are not worth a thread.
    count_ = std::max<int64_t>(1, std::min({Threads(), rows, rows * numbers / (1 << 17)}));
  }

  // So many shares of one row each.
  static Shares Of(int64_t count) {
    Shares shares(1, 0);
    shares.rows_ = shares.count_ = count;
    return shares;
  }

  // As many as TensorFlow has: it reads this once, when it is loaded, and so does the binding.
  static int64_t Threads() { return kThreads; }

  int64_t count() const { return count_; }

  // Runs `part(first row, end, share)` for every share. Throws std::bad_alloc where one of them did.
  template <class Part>
  void Run(const Part &part) const {
    std::atomic<bool> failed{false};
    const auto run = [&](int64_t share) {
      try {
        part(rows_ * share / count_, rows_ * (share + 1) / count_, share);
      } catch (const std::bad_alloc &) {
        failed = true;
      }
    };
    std::vector<std::thread> others;
    int64_t given = 1;
    try {
      others.reserve(count_ - 1);
      for (; given < count_; ++given) others.emplace_back(run, given);
    } catch (const std::exception &) {
      // No more threads are to be had: this one does what is left.
    }
    run(0);
    for (; given < count_; ++given) run(given);
    for (std::thread &other : others) other.join();
    if (failed) throw std::bad_alloc();
  }

 private:
  int64_t rows_;
  int64_t count_;
};

// Does tasks 0..count on as many threads, each of which takes the next one when it has done one; `task(index, scratch)` with a
// scratch of each thread's own.
template <class Scratch, class Task>
void EachTask(int64_t count, int64_t threads, const Task &task) {
  if (count < 1) return;
  std::atomic<int64_t> next{0};
  Shares::Of(std::min(threads, count)).Run([&](int64_t, int64_t, int64_t) {
    Scratch scratch;
    for (int64_t i = next++; i < count; i = next++) task(i, scratch);
  });
}

// An operation's inputs and outputs while it runs.
class Call {
 public:
  Call(TF_OpKernelContext *context, int inputs) : context_(context), status_(TF_NewStatus()), inputs_(inputs) {
    for (int i = 0; i < inputs && Ok(); ++i) TF_GetInput(context, i, &inputs_[i], status_);
  }

  ~Call() {
    if (!Ok()) TF_OpKernelContext_Failure(context_, status_);
    for (TF_Tensor *tensor : inputs_) if (tensor != nullptr) TF_DeleteTensor(tensor);
    for (TF_Tensor *tensor : outputs_) TF_DeleteTensor(tensor);
    TF_DeleteStatus(status_);
  }

  Call(const Call &) = delete;
  Call &operator=(const Call &) = delete;

  bool Ok() const { return TF_GetCode(status_) == TF_OK; }

  // Fails unless `holds`.
  bool Require(bool holds, const char *what) {
    if (Ok() && !holds) TF_SetStatus(status_, TF_INVALID_ARGUMENT, what);
    return Ok();
  }

  // Fails for want of memory.
  void Exhaust(const char *what) { TF_SetStatus(status_, TF_RESOURCE_EXHAUSTED, what); }

  const float *Input(int i) const { return static_cast<const float *>(TF_TensorData(inputs_[i])); }
  int64_t Size(int i) const { return TF_TensorElementCount(inputs_[i]); }
  int Rank(int i) const { return TF_NumDims(inputs_[i]); }
  int64_t Side(int i, int axis) const { return TF_Dim(inputs_[i], axis); }

  // Output `i`, of the shape of input `like`, in its memory where nobody else holds it and `reuse` says so. Then what has been
  // asked of that input before, a pointer to its numbers, is to be asked again. nullptr once anything has failed: what `Ok` says
  // counts for all outputs that were asked for.
  float *Output(int i, int like, bool reuse) {
    // TensorFlow would forget the failure.
    if (!Ok()) return nullptr;
    std::vector<int64_t> shape(Rank(like));
    for (int axis = 0; axis < Rank(like); ++axis) shape[axis] = Side(like, axis);
    // Held here, it would be somebody else's.
    if (reuse) TF_DeleteTensor(std::exchange(inputs_[like], nullptr));
    TF_Tensor *output = TF_ForwardInputOrAllocateOutput(context_, &like, reuse ? 1 : 0, i, shape.data(), shape.size(),
                                                        nullptr, status_);
    if (!Ok()) return nullptr;
    outputs_.push_back(output);
    if (reuse) TF_GetInput(context_, like, &inputs_[like], status_);
    if (!Ok()) return nullptr;
    return static_cast<float *>(TF_TensorData(output));
  }

 private:
  TF_OpKernelContext *context_;
  TF_Status *status_;
  std::vector<TF_Tensor *> inputs_;
  std::vector<TF_Tensor *> outputs_;
};

// An operation's attributes while it is made.
class Attributes {
 public:
  explicit Attributes(TF_OpKernelConstruction *construction) : construction_(construction), status_(TF_NewStatus()) {}
  ~Attributes() {
    if (!Ok()) TF_OpKernelConstruction_Failure(construction_, status_);
    TF_DeleteStatus(status_);
  }
  Attributes(const Attributes &) = delete;
  Attributes &operator=(const Attributes &) = delete;

  float Number(const char *name) {
    float value = 0;
    if (Ok()) TF_OpKernelConstruction_GetAttrFloat(construction_, name, &value, status_);
    return value;
  }
  bool Flag(const char *name) {
    unsigned char value = 0;
    if (Ok()) TF_OpKernelConstruction_GetAttrBool(construction_, name, &value, status_);
    return value != 0;
  }

 private:
  // Reading one that is there would make the failure of one that is not forgotten.
  bool Ok() const { return TF_GetCode(status_) == TF_OK; }

  TF_OpKernelConstruction *construction_;
  TF_Status *status_;
};

// An operation is a class with
//   kName, kInputs (names), kLike (for each output the input that has its shape), kAttributes ("name: type"),
//   Read(Attributes &) and Compute(Call &) const.
template <class Op>
struct Registration {
  static void *Create(TF_OpKernelConstruction *construction) {
    auto *op = new Op{};
    Attributes attributes(construction);
    op->Read(attributes);
    return op;
  }

  static void Compute(void *op, TF_OpKernelContext *context) {
    Call call(context, static_cast<int>(Op::kInputs.size()));
    if (!call.Ok()) return;
    try {
      static_cast<const Op *>(op)->Compute(call);
    } catch (const std::bad_alloc &) {
      // No exception may pass through TensorFlow's C.
      call.Exhaust((std::string(Op::kName) + ": no memory to compute with").c_str());
    }
  }

  static void Delete(void *op) { delete static_cast<Op *>(op); }

  static void InferShapes(TF_ShapeInferenceContext *context, TF_Status *status) {
    TF_ShapeHandle *shape = TF_NewShapeHandle();
    int output = 0;
    for (int like : Op::kLike) {
      TF_ShapeInferenceContextGetInput(context, like, shape, status);
      if (TF_GetCode(status) == TF_OK) TF_ShapeInferenceContextSetOutput(context, output++, shape, status);
      if (TF_GetCode(status) != TF_OK) break;
    }
    TF_DeleteShapeHandle(shape);
  }

  Registration() {
    TF_Status *status = TF_NewStatus();
    TF_OpDefinitionBuilder *definition = TF_NewOpDefinitionBuilder(Op::kName);
    for (const char *input : Op::kInputs) {
      TF_OpDefinitionBuilderAddInput(definition, (std::string(input) + ": float").c_str());
    }
    for (size_t i = 0; i < Op::kLike.size(); ++i) {
      TF_OpDefinitionBuilderAddOutput(definition, ("output_" + std::to_string(i) + ": float").c_str());
    }
    for (const char *attribute : Op::kAttributes) TF_OpDefinitionBuilderAddAttr(definition, attribute);
    TF_OpDefinitionBuilderSetShapeInferenceFunction(definition, &InferShapes);
    TF_RegisterOpDefinition(definition, status);
    // Without its kernel the operation is not there: `hasOperation` says so, and it is not used.
    if (TF_GetCode(status) == TF_OK) {
      TF_KernelBuilder *builder = TF_NewKernelBuilder(Op::kName, "CPU", &Create, &Compute, &Delete);
      TF_RegisterKernelBuilder(Op::kName, builder, status);
    }
    TF_DeleteStatus(status);
  }
};

}  // namespace midtrain

#endif  // MIDTRAIN_OWN_OP_H_
