/** As much of the protobuf encoding as it takes to change an answer without knowing its type. */

import { BinaryReader, BinaryWriter } from "@bufbuild/protobuf/wire";

/** A field as it stands in a message. */
export interface WireField {
  number: number;
  /** The content of a length-delimited field. */
  payload: Uint8Array | undefined;
  /** Tag and content. */
  whole: Uint8Array;
}

/** A length-delimited field: bytes, text or a message. */
export function lengthDelimited(number: number, payload: Uint8Array): Uint8Array {
  return new BinaryWriter().tag(number, 2).bytes(payload).finish();
}

/** The fields of a message in their order. */
export function* topLevelFields(message: Uint8Array): Generator<WireField> {
  const reader = new BinaryReader(message);
  while (reader.pos < reader.len) {
    const start = reader.pos;
    const [number, wireType] = reader.tag();
    const content = reader.pos;
    reader.skip(wireType, number);
    const whole = message.subarray(start, reader.pos);
    const payload = wireType === 2
      ? new BinaryReader(message.subarray(content)).bytes()
      : undefined;
    yield { number, payload, whole };
  }
}
