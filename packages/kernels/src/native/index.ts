export { configureNative, type NativeOptions, type NativeStatus, nativeStatus } from './engine.js';
export { type NativeGraph, type NativeTensor, nativeGraph } from './graph.js';
export type { GraphAttribute, GraphConstant, GraphNode } from './onnx-model.js';
export { activeWasmBackend, runOnWasm, runRowsOnWasm, wasmView } from './run-on-wasm.js';
