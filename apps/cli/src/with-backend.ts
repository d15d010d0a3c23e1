import { type SelectedBackend, selectBackend } from '@midtrain/kernels';
import type { BackendFlags } from './options.js';

/** Chooses a backend, computes with it, and gives it back whatever happens. */
export async function withBackend<T>(
  flags: BackendFlags,
  compute: (backend: SelectedBackend) => Promise<T>,
): Promise<T> {
  const backend = await selectBackend(flags);
  try {
    return await compute(backend);
  } finally {
    await backend.close();
  }
}
