/** The binary form of a spec, made from its YAML form and the numbers of its fields (spec/resources.md, 1.3). */

import { BinaryWriter } from "@bufbuild/protobuf/wire";
import { parseDuration } from "../../../core/flags/duration.ts";
import { Struct } from "../../../proto/gen/google/protobuf/struct.ts";
import { asList, asSpec, type Spec } from "./complete_spec.ts";
import { ipBytes } from "../../../core/ip_address.ts";
import type { SpecField } from "./spec_fields.ts";

/** Encodes a complete spec, fields in the order of its YAML as nodes do; empty messages are left out. */
export function encodeSpec(fields: readonly SpecField[], spec: Spec): Uint8Array {
  const writer = new BinaryWriter();
  for (const field of fields) {
    const value = spec[field.key];
    if (value === undefined || value === null) continue;
    if (field.shape === "list") writeList(writer, field, asList(value));
    else if (field.shape === "map") writeMap(writer, field, asSpec(value));
    else writeOne(writer, field, value);
  }
  return writer.finish();
}

/** Encodes a free-form object as the google.protobuf.Struct in field 1. */
export function encodeStruct(object: Spec): Uint8Array {
  return new BinaryWriter().tag(1, 2).bytes(structBytes(object)).finish();
}

function structBytes(object: Spec): Uint8Array {
  return Struct.encode(Struct.wrap(object)).finish();
}

const numericKinds = new Set(["bool", "enum", "float", "int", "uint"]);

function writeList(writer: BinaryWriter, field: SpecField, items: readonly unknown[]): void {
  if (items.length === 0) return;
  if (!numericKinds.has(field.kind)) {
    for (const item of items) writer.tag(field.number, 2).bytes(payload(field, item));
    return;
  }
  writer.tag(field.number, 2).fork();
  for (const item of items) writeNumber(writer, field, item);
  writer.join();
}

function writeMap(writer: BinaryWriter, field: SpecField, map: Spec): void {
  if (field.kind === "any") {
    if (Object.keys(map).length === 0) return;
    writer.tag(field.number, 2).bytes(structBytes(map));
    return;
  }
  for (const [key, item] of Object.entries(map)) {
    writer.tag(field.number, 2).fork().tag(1, 2).string(key);
    if (numericKinds.has(field.kind)) writeNumber(writer.tag(2, wireTypeOf(field)), field, item);
    else writer.tag(2, 2).bytes(payload(field, item));
    writer.join();
  }
}

/** A single value; zero is left out but where it differs from being unset. */
function writeOne(writer: BinaryWriter, field: SpecField, value: unknown): void {
  if (numericKinds.has(field.kind) || field.kind === "flags" || field.kind === "boolText") {
    if (!field.isOptional && numberOf(field, value) === 0) return;
    writeNumber(writer.tag(field.number, wireTypeOf(field)), field, value);
    return;
  }
  const bytes = payload(field, value);
  if (bytes.length > 0 || field.isOptional) writer.tag(field.number, 2).bytes(bytes);
}

function wireTypeOf({ kind }: SpecField): 0 | 1 {
  return kind === "float" ? 1 : 0;
}

function writeNumber(writer: BinaryWriter, field: SpecField, value: unknown): void {
  const number = numberOf(field, value);
  if (field.kind === "float") writer.double(number);
  else if (field.kind === "int") writer.int64(number);
  else writer.uint64(number);
}

function numberOf({ kind, values, key }: SpecField, value: unknown): number {
  if (kind === "flags") {
    const names = String(value).split(",").filter((name) => name !== "");
    return names.reduce((sum, name) => sum + (values[name] ?? 0), 0);
  }
  if (kind === "boolText") return value === "true" ? 1 : 0;
  if (kind !== "enum") return Number(value);
  const number = values[String(value)] ?? Number(/\((\d+)\)$/.exec(String(value))?.[1]);
  if (value !== "" && Number.isNaN(number)) {
    throw new TypeError(`spec: "${value}" is no value of ${key}`);
  }
  return number || 0;
}

/** The content of a length-delimited field. */
function payload({ kind, fields }: SpecField, value: unknown): Uint8Array {
  switch (kind) {
    case "object":
      return encodeSpec(fields, asSpec(value));
    case "ip":
      return addressBytes(String(value)).finish();
    case "prefix":
      return withNumber(String(value), "/");
    case "endpoint":
      return withNumber(String(value), ":");
    case "mac":
      return Uint8Array.fromHex(String(value).replaceAll(":", ""));
    case "duration":
      return durationBytes(parseDuration(String(value)));
    case "time":
      return timeBytes(value);
    case "base64":
      return Uint8Array.fromBase64(String(value));
    case "bytes":
      return Uint8Array.from(asList(value), Number);
    case "any":
      return structBytes(asSpec(value));
    case "cel":
    case "url":
      return new Uint8Array();
    default:
      return new TextEncoder().encode(String(value));
  }
}

/** The message of an address: the bytes of it in field 1, nothing where it is unset. */
function addressBytes(text: string): BinaryWriter {
  const writer = new BinaryWriter();
  return text === "" ? writer : writer.tag(1, 2).bytes(ipBytes(text));
}

/** An address with a prefix length or a port behind it, in field 2. */
function withNumber(text: string, separator: string): Uint8Array {
  const at = text.lastIndexOf(separator);
  const writer = addressBytes(text.slice(0, Math.max(at, 0)).replace(/^\[(.*)\]$/, "$1"));
  const number = Number(text.slice(at + 1));
  return (number === 0 ? writer : writer.tag(2, 0).int32(number)).finish();
}

function durationBytes(durationMs: number): Uint8Array {
  const seconds = Math.trunc(durationMs / 1000);
  return secondsAndNanos(seconds, Math.round((durationMs - seconds * 1000) * 1e6));
}

function timeBytes(value: unknown): Uint8Array {
  if (!(value instanceof Date)) throw new TypeError(`spec: "${value}" is no time`);
  const seconds = Math.floor(value.getTime() / 1000);
  return secondsAndNanos(seconds, (value.getTime() - seconds * 1000) * 1e6);
}

function secondsAndNanos(seconds: number, nanos: number): Uint8Array {
  const writer = new BinaryWriter();
  if (seconds !== 0) writer.tag(1, 0).int64(seconds);
  if (nanos !== 0) writer.tag(2, 0).int32(nanos);
  return writer.finish();
}
