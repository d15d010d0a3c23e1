import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { OutOfMemoryError } from './errors.js';
import { libraryOf } from './heap.js';

const LIMIT_GIB = 4;
const GIB = 2 ** 30;

const guarded = new WeakSet<BackendWasm>();

const gib = (bytes: number): string => (bytes / GIB).toFixed(2);

/**
 * Makes a full heap an OutOfMemoryError where the backend would go on with address 0, overwrite other data and
 * end with "memory access out of bounds". WebAssembly's 32-bit addresses limit the heap to 4 GiB.
 */
export function guardHeap(backend: BackendWasm): void {
  if (guarded.has(backend)) return;
  guarded.add(backend);
  const library = libraryOf(backend);
  // Emscripten's function puts another in its place when it is first called.
  library._free(library._malloc(1));
  const allocate = library._malloc.bind(library);
  library._malloc = (bytes: number) => {
    // Addresses above 2 GiB come as negative numbers.
    const address = bytes < LIMIT_GIB * GIB ? allocate(bytes) : 0;
    if (address === 0 && bytes > 0) {
      throw new OutOfMemoryError(
        `wasm heap: no room for a tensor of ${gib(bytes)} GiB; the heap holds ${gib(library.HEAPU8.length)} GiB of at ` +
          `most ${LIMIT_GIB} GiB: use smaller batches or shorter documents, or backend tensorflow or webgpu`,
      );
    }
    return address;
  };
}
