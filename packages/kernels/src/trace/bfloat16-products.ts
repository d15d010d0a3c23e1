import type { GraphNode } from './graph-def.js';
import type { Recording } from './record.js';
import { ATTRIBUTE, DATA_TYPE, type OperationAttribute } from './tensorflow-backend.js';

/** TensorFlow's DT_BFLOAT16, which tfjs does not know: it lives inside of graphs only. */
export const BFLOAT16 = 14;
const PRODUCTS = new Set(['MatMul', 'BatchMatMul', 'BatchMatMulV2']);

const typed = (name: string, value: number): OperationAttribute => ({ name, type: ATTRIBUTE.type, value });

const castNode = (name: string, input: string, from: number, to: number): GraphNode => ({
  name,
  op: 'Cast',
  inputs: [input],
  attributes: [
    typed('SrcT', from),
    typed('DstT', to),
    { name: 'Truncate', type: ATTRIBUTE.bool, value: false },
  ],
});

/** Whether a node rounds to bfloat16. Such nodes are done anew where they are needed: their outputs cannot leave a graph. */
export const roundsToBfloat16 = ({ op, attributes }: GraphNode): boolean =>
  op === 'Cast' && attributes.some(({ name, value }) => name === 'DstT' && value === BFLOAT16);

const isProduct = ({ op, attributes }: GraphNode): boolean =>
  PRODUCTS.has(op) && attributes.some(({ name, value }) => name === 'T' && value === DATA_TYPE.float32);

/**
 * The same recording with its matrix products in bfloat16: their inputs are rounded, and what comes out is float32 again.
 * Sums, norms, softmax and all that is kept stay float32.
 */
export function withBfloat16Products(recording: Recording): Recording {
  const types = new Map(recording.types);
  const rounded = new Set<string>();
  const nodes = recording.nodes.flatMap((node): GraphNode[] => {
    if (!isProduct(node)) return [node];
    const { name } = node;
    const inputs = node.inputs.map((input) => `${input.replace(':', '_')}_bf16`);
    const casts = node.inputs.flatMap((input, i) => {
      if (rounded.has(inputs[i])) return [];
      rounded.add(inputs[i]);
      types.set(inputs[i], [BFLOAT16]);
      return [castNode(inputs[i], input, DATA_TYPE.float32, BFLOAT16)];
    });
    const product = `${name}_product`;
    types.set(product, [BFLOAT16]);
    const attributes = node.attributes.map((attribute) =>
      attribute.name === 'T' ? typed('T', BFLOAT16) : attribute,
    );
    return [
      ...casts,
      { ...node, name: product, inputs, attributes },
      castNode(name, product, BFLOAT16, DATA_TYPE.float32),
    ];
  });
  return { ...recording, nodes, types };
}
