import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { message, text, whole } from '../protobuf-fields.js';

/** Element types that a graph's tensors may have. */
export type ElementType = 'float32' | 'int32' | 'int64' | 'bool';

/** A node's attribute; ONNX tells whole from fractional numbers, so the kind is always named. */
export type GraphAttribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly string: string }
  | { readonly ints: readonly number[] };

/** One operation. `domain` is '' for ONNX's own operators, 'com.microsoft' for ONNX Runtime's. */
export interface GraphNode {
  readonly op: string;
  /** Names of the values it reads; '' leaves an optional input out. */
  readonly inputs: readonly string[];
  /** Names of the values it makes. */
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, GraphAttribute>>;
  readonly domain?: string;
}

/** An input or output of a graph. A name instead of a number is a dimension known only when it runs. */
export interface GraphValue {
  readonly name: string;
  readonly dims: readonly (number | string)[];
  /** Default float32. */
  readonly type?: ElementType;
}

/** A constant of a graph: `data` row by row. */
export interface GraphConstant {
  readonly name: string;
  readonly dims: readonly number[];
  readonly data: readonly number[];
  /** Default float32. */
  readonly type?: ElementType;
}

/** A small computation, in the terms of ONNX (opset 18). */
export interface GraphDefinition {
  /** Appears in error messages. */
  readonly name: string;
  readonly nodes: readonly GraphNode[];
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
  readonly constants?: readonly GraphConstant[];
}

const IR_VERSION = 9;
const OPSET = 18;
const ELEMENT_TYPE = { float32: 1, int32: 6, int64: 7, bool: 9 } as const;
const BFLOAT16 = 16;

/** An output of every encoded graph, before its own: a scalar of a type that the binding cannot hand to JavaScript. */
export const LAST_WORD = 'midtrain_last_word';

const fraction = (writer: BinaryWriter, field: number, value: number): BinaryWriter =>
  writer.tag(field, WireType.Bit32).float(value);

function writeAttribute(writer: BinaryWriter, name: string, attribute: GraphAttribute): void {
  text(writer, 1, name);
  if ('float' in attribute) {
    whole(fraction(writer, 2, attribute.float), 20, 1);
  } else if ('int' in attribute) {
    whole(whole(writer, 3, attribute.int), 20, 2);
  } else if ('string' in attribute) {
    whole(text(writer, 4, attribute.string), 20, 3);
  } else {
    for (const value of attribute.ints) whole(writer, 8, value);
    whole(writer, 20, 7);
  }
}

function writeNode(writer: BinaryWriter, node: GraphNode): void {
  for (const input of node.inputs) text(writer, 1, input);
  for (const output of node.outputs) text(writer, 2, output);
  text(writer, 4, node.op);
  for (const [name, attribute] of Object.entries(node.attributes ?? {})) {
    message(writer, 5, (inner) => writeAttribute(inner, name, attribute));
  }
  if (node.domain) text(writer, 7, node.domain);
}

function writeValue(writer: BinaryWriter, value: GraphValue): void {
  text(writer, 1, value.name);
  message(writer, 2, (type) =>
    message(type, 1, (tensor) => {
      whole(tensor, 1, ELEMENT_TYPE[value.type ?? 'float32']);
      message(tensor, 2, (shape) => {
        for (const dim of value.dims) {
          message(shape, 1, (d) => (typeof dim === 'number' ? whole(d, 1, dim) : text(d, 2, dim)));
        }
      });
    }),
  );
}

function writeConstant(writer: BinaryWriter, constant: GraphConstant): void {
  const type = constant.type ?? 'float32';
  for (const dim of constant.dims) whole(writer, 1, dim);
  whole(writer, 2, ELEMENT_TYPE[type]);
  for (const value of constant.data) {
    if (type === 'float32') fraction(writer, 4, value);
    else if (type === 'int64') whole(writer, 7, value);
    else whole(writer, 5, value);
  }
  text(writer, 8, constant.name);
}

/** The constant that is `LAST_WORD`, and what kind of output it is. */
const writeLastWord = (writer: BinaryWriter): void => {
  message(writer, 5, (tensor) => text(whole(whole(tensor, 2, BFLOAT16), 5, 0), 8, LAST_WORD));
  message(writer, 12, (value) => {
    text(value, 1, LAST_WORD);
    message(value, 2, (type) =>
      message(type, 1, (tensor) => message(whole(tensor, 1, BFLOAT16), 2, () => {})),
    );
  });
};

function writeOpset(writer: BinaryWriter, domain: string, version: number): void {
  message(writer, 8, (opset) => whole(text(opset, 1, domain), 2, version));
}

/**
 * Encodes a graph as an ONNX ModelProto (field numbers from onnx/onnx.proto, IR version 9, opset 18 and
 * com.microsoft 1), which is what the native engine loads.
 */
export function encodeModel(graph: GraphDefinition): Uint8Array<ArrayBuffer> {
  const writer = new BinaryWriter();
  whole(writer, 1, IR_VERSION);
  message(writer, 7, (body) => {
    for (const node of graph.nodes) message(body, 1, (inner) => writeNode(inner, node));
    text(body, 2, graph.name);
    for (const constant of graph.constants ?? []) message(body, 5, (inner) => writeConstant(inner, constant));
    for (const input of graph.inputs) message(body, 11, (inner) => writeValue(inner, input));
    writeLastWord(body);
    for (const output of graph.outputs) message(body, 12, (inner) => writeValue(inner, output));
  });
  writeOpset(writer, '', OPSET);
  writeOpset(writer, 'com.microsoft', 1);
  return writer.finish();
}
