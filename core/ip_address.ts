/** What counts as an IP address in flags and files: Go's reading, so no zones and no leading zeros. */

/** Whether `text` is an IPv4 or IPv6 address. */
export function isIpAddress(text: string): boolean {
  return text.includes(":") ? isIpv6(text) : isIpv4(text);
}

function isIpv4(text: string): boolean {
  const parts = text.split(".");
  return parts.length === 4 &&
    parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256);
}

function isIpv6(text: string): boolean {
  const halves = text.split("::");
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => half === "" ? [] : half.split(":"));
  const last = groups.at(-1);
  const hasIpv4 = last !== undefined && last.includes(".") && !text.endsWith("::");
  if (hasIpv4 && !isIpv4(groups.pop() ?? "")) return false;
  const count = groups.length + (hasIpv4 ? 2 : 0);
  return groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group)) &&
    (halves.length === 2 ? count < 8 : count === 8);
}

/** The four or sixteen bytes of an address; a zone is no part of it. */
export function ipBytes(address: string): Uint8Array<ArrayBuffer> {
  const [text = ""] = address.split("%");
  if (!text.includes(":")) return Uint8Array.from(text.split("."), Number);
  // A dotted end is written as two groups by the URL parser.
  const plain = text.includes(".") ? new URL(`http://[${text}]`).hostname.slice(1, -1) : text;
  const [head = "", tail = ""] = plain.split("::");
  const groupsOf = (part: string) => part === "" ? [] : part.split(":");
  const [before, after] = [groupsOf(head), groupsOf(tail)];
  const zeros = Array<string>(8 - before.length - after.length).fill("0");
  const groups = [...before, ...zeros, ...after];
  return Uint8Array.fromHex(groups.map((group) => group.padStart(4, "0")).join(""));
}
