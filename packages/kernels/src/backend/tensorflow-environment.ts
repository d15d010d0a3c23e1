import { availableParallelism } from 'node:os';

const THREADS = 'TF_NUM_INTRAOP_THREADS';

/** Threads that the environment gives TensorFlow, else the cores that this process may use. */
export function environmentThreads(): number {
  const set = Number.parseInt(process.env[THREADS] ?? '', 10);
  return set >= 1 ? set : availableParallelism();
}

/**
 * Sets what TensorFlow and NVIDIA's libraries read when they are loaded, and no later.
 *
 * @param threads threads of a computation; what the environment says where they are left out
 * @returns the threads that it will have
 */
export function prepareEnvironment(threads: number | undefined): number {
  const count = threads ?? environmentThreads();
  // Always: of cores that a container may not use, TensorFlow and midtrain's own operations know nothing.
  process.env[THREADS] = String(count);
  // oneDNN is off on CPUs without AVX-512, where it doubles matrix products.
  process.env.TF_ENABLE_ONEDNN_OPTS ??= '1';
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  // Products of float32 are to be float32: from Ampere on NVIDIA's libraries would round their factors to 10 bits.
  process.env.NVIDIA_TF32_OVERRIDE ??= '0';
  return count;
}
