/**
 * Memory outside of the wasm heap for what a kernel computes on the way: one buffer a role, reused from call to call and
 * grown as needed. Fresh arrays of megabytes, call after call, made V8 collect garbage 50 times a step.
 *
 * @returns `borrow(role, size)`: `size` numbers, with whatever was left in them, until the role is borrowed again
 */
export function scratch(): (role: string, size: number) => Float32Array<ArrayBuffer> {
  const buffers = new Map<string, Float32Array<ArrayBuffer>>();
  return (role, size) => {
    let buffer = buffers.get(role);
    if (!buffer || buffer.length < size) {
      buffer = new Float32Array(Math.ceil(size * 1.5));
      buffers.set(role, buffer);
    }
    return buffer.subarray(0, size);
  };
}
