/** The revisions in the database of a Kubernetes cluster, each made from its number: objects come, change and go. */

/** The first revision that etcd gives out for a change. */
const firstRevision = 2;
const objectBytes = 1150;
const filler = "x".charCodeAt(0);
const kinds = ["pods/default", "configmaps/kube-system", "secrets/default", "events/default"];

/**
 * An entry of the bucket `key`: of sixteen revisions, twelve make an object, three change the one before, and the
 * last removes it.
 */
export function registryEntry(index: number): { key: Uint8Array; value: Uint8Array } {
  const revision = index + firstRevision;
  const isRemoval = index % 16 === 15;
  const isChange = index % 4 === 3 && !isRemoval;
  const name = encode(objectKey(isRemoval || isChange ? index - 1 : index));

  const key = new Uint8Array(isRemoval ? 18 : 17);
  new DataView(key.buffer).setUint32(4, revision, false);
  key[8] = "_".charCodeAt(0);
  if (isRemoval) key[17] = "t".charCodeAt(0);
  if (isRemoval) return { key, value: Uint8Array.of(0x0a, name.length, ...name) };

  const numbers = [
    0x10,
    ...varint(isChange ? revision - 1 : revision),
    0x18,
    ...varint(revision),
    0x20,
    isChange ? 2 : 1,
    0x2a,
    ...varint(objectBytes),
  ];
  const value = new Uint8Array(2 + name.length + numbers.length + objectBytes);
  value.set([0x0a, name.length]);
  value.set(name, 2);
  value.set(numbers, 2 + name.length);
  value.fill(filler, 2 + name.length + numbers.length);
  return { key, value };
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function objectKey(index: number): string {
  return `/registry/${kinds[index % kinds.length]}/object-${String(index).padStart(9, "0")}`;
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return [...bytes, rest];
}
