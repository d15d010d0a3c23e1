import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { message, text, type Write, whole } from '../protobuf-fields.js';
import { ATTRIBUTE, type OperationAttribute } from './tensorflow-backend.js';

/** A tensor written into a graph. */
interface ConstantValue {
  readonly dtype: number;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

/** A node of a TensorFlow graph. */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  /** Outputs of other nodes, as `node` or `node:index`. */
  readonly inputs: readonly string[];
  readonly attributes: readonly OperationAttribute[];
  /** Of a `Const`. */
  readonly value?: ConstantValue;
}

/** Newer than any change in the meaning of an operation; an older TensorFlow reads it all the same. */
const PRODUCER = 2000;

function writeShape(writer: BinaryWriter, shape: readonly number[]): void {
  for (const size of shape) message(writer, 2, (dim) => whole(dim, 1, size));
}

/** Fields of AttrValue, which its list has under the same numbers. */
function writeValue(writer: BinaryWriter, { name, type, value }: OperationAttribute): void {
  if (type === ATTRIBUTE.shape) message(writer, 7, (shape) => writeShape(shape, value as number[]));
  else if (Array.isArray(value)) {
    message(writer, 1, (list) => {
      for (const element of value) writeValue(list, { name, type, value: element });
    });
  } else if (type === ATTRIBUTE.string) text(writer, 2, String(value));
  else if (type === ATTRIBUTE.int) whole(writer, 3, value as number);
  else if (type === ATTRIBUTE.float) writer.tag(4, WireType.Bit32).float(value as number);
  else if (type === ATTRIBUTE.bool) writer.tag(5, WireType.Varint).bool(value as boolean);
  else if (type === ATTRIBUTE.type) whole(writer, 6, value as number);
  else throw new RangeError(`attribute ${name} has the unknown type ${type}`);
}

function writeConstant(writer: BinaryWriter, { dtype, shape, bytes }: ConstantValue): void {
  whole(writer, 1, dtype);
  message(writer, 2, (inner) => writeShape(inner, shape));
  writer.tag(4, WireType.LengthDelimited).bytes(bytes);
}

function writeNode(writer: BinaryWriter, { name, op, inputs, attributes, value }: GraphNode): void {
  text(writer, 1, name);
  text(writer, 2, op);
  for (const input of inputs) text(writer, 3, input);
  const entry = (key: string, write: Write) =>
    message(writer, 5, (map) => {
      text(map, 1, key);
      message(map, 2, write);
    });
  for (const attribute of attributes) entry(attribute.name, (inner) => writeValue(inner, attribute));
  if (value) entry('value', (inner) => message(inner, 8, (tensor) => writeConstant(tensor, value)));
}

/** Encodes nodes as a GraphDef (field numbers from TensorFlow's graph.proto, node_def.proto and attr_value.proto). */
export function encodeGraph(nodes: readonly GraphNode[]): Uint8Array<ArrayBuffer> {
  const writer = new BinaryWriter();
  for (const node of nodes) message(writer, 1, (inner) => writeNode(inner, node));
  message(writer, 4, (versions) => whole(versions, 1, PRODUCER));
  return writer.finish();
}
