import { type BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/** Writes the fields of a protobuf message. */
export type Write = (writer: BinaryWriter) => void;

/** A field that is a message of its own. */
export function message(writer: BinaryWriter, field: number, write: Write): void {
  writer.tag(field, WireType.LengthDelimited).fork();
  write(writer);
  writer.join();
}

/** A field that is a string. */
export const text = (writer: BinaryWriter, field: number, value: string): BinaryWriter =>
  writer.tag(field, WireType.LengthDelimited).string(value);

/** A field that is a whole number. */
export const whole = (writer: BinaryWriter, field: number, value: number): BinaryWriter =>
  writer.tag(field, WireType.Varint).int64(value);
