export { configureNative, type NativeOptions, type NativeStatus, nativeStatus } from './engine.js';
export { NativeGraphError, NativeUnavailableError } from './errors.js';
export { type NativeData, type NativeGraph, type NativeTensor, nativeGraph } from './graph.js';
export type {
  ElementType,
  GraphAttribute,
  GraphConstant,
  GraphDefinition,
  GraphNode,
  GraphValue,
} from './onnx-model.js';
export { activeWasmBackend, runOnWasm, wasmView } from './run-on-wasm.js';
