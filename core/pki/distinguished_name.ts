/** The names of subjects and issuers (RFC 5280, 4.1.2.4). */

import {
  type DerValue,
  oid,
  oidOf,
  partsOf,
  present,
  sequence,
  set,
  type Writable,
} from "./der.ts";
import { derText, textOf } from "./der_text.ts";

const organizationOid = "2.5.4.10";
const commonNameOid = "2.5.4.3";

/** Every organization of a name, in order. */
export function organizationsOf(name: DerValue): string[] {
  return namePartsOf(name).filter(([type]) => type === organizationOid)
    .map(([, value]) => textOf(value));
}

/** Types and values of a name's parts. */
export function namePartsOf(name: DerValue): [type: string, value: DerValue][] {
  return partsOf(name).flatMap((part) => part.set().elements)
    .map((pair) => {
      const [type, value] = partsOf(pair);
      return [oidOf(type), present(value)];
    });
}

/** A name as subjects have it: all organizations in one part, then the common name. */
export function nameOf(
  { commonName, organizations = [] }: {
    commonName?: string | undefined;
    organizations?: readonly string[];
  },
): Writable {
  return sequence(
    ...organizations.length > 0 ? [namePart(organizationOid, organizations)] : [],
    ...commonName === undefined ? [] : [namePart(commonNameOid, [commonName])],
  );
}

function namePart(type: string, texts: readonly string[]): Writable {
  return set(...texts.map((text) => sequence(oid(type), derText(text))));
}
