import type { GraphAttribute, GraphConstant, GraphNode } from '../native/index.js';

/** An ONNX operator: one output, named by the caller. */
export const node = (
  op: string,
  inputs: readonly string[],
  output: string,
  attributes: Readonly<Record<string, GraphAttribute>> = {},
): GraphNode => ({ op, inputs, outputs: [output], attributes });

/** An operator of ONNX Runtime's own set. */
export const fusedNode = (
  op: string,
  inputs: readonly string[],
  output: string,
  attributes: Readonly<Record<string, GraphAttribute>> = {},
): GraphNode => ({ ...node(op, inputs, output, attributes), domain: 'com.microsoft' });

/** A scalar that never changes. */
export const constant = (name: string, value: number): GraphConstant => ({ name, dims: [], data: [value] });

/** The axis of a reduction, as ONNX wants it: a tensor. */
export const axis = (name: string, index: number): GraphConstant => ({
  name,
  dims: [1],
  data: [index],
  type: 'int64',
});
