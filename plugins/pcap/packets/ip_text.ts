/** Addresses as people write them. */

/** `10.5.0.2`. */
export function ipv4Text(bytes: Uint8Array): string {
  return bytes.join(".");
}

/** `fe80::1`: the longest run of zeros cut out, an IPv4 address inside shown as one. */
export function ipv6Text(bytes: Uint8Array): string {
  const groups = Array.from(
    { length: 8 },
    (_, index) => ((bytes[2 * index] ?? 0) << 8 | (bytes[2 * index + 1] ?? 0)).toString(16),
  );
  if (groups.slice(0, 6).join(":") === "0:0:0:0:0:ffff") return ipv4Text(bytes.subarray(12, 16));
  // The URL parser of the platform knows the rules of RFC 5952.
  return new URL(`http://[${groups.join(":")}]`).hostname.slice(1, -1);
}
