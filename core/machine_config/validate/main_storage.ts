/** Checks of the main document's disks and their encryption (spec/machine-config.md, 12.2). */

import { goQuote } from "../../output/go_quote.ts";
import { type ConfigValue, listAt, numberAt, textAt, valueAt } from "../value.ts";

/** What is wrong with disks: only the last partition can take what is left. */
export function diskProblems(disks: readonly ConfigValue[]): string[] {
  return disks.flatMap((disk, index) => {
    if (disk === null) return `machine.disks[${index}] is null`;
    const partitions = listAt(disk, "partitions");
    return partitions.slice(0, -1).filter((partition) => numberAt(partition, "size") === 0).map(
      () =>
        `partition for disk ${goQuote(textAt(disk, "device"))} is set to occupy full disk, ` +
        "but it's not the last partition in the list",
    );
  });
}

/** What is wrong with the keys that encrypt the system's partitions. */
export function encryptionProblems(encryption: ConfigValue | undefined): string[] {
  return [["EPHEMERAL", "ephemeral"], ["STATE", "state"]].flatMap(([label = "", key = ""]) => {
    const partition = valueAt(encryption, key);
    if (partition === undefined) return [];
    const where = `partition ${goQuote(label)}:`;
    const keys = listAt(partition, "keys");
    if (keys.length === 0) return [`${where} no encryption keys provided`];
    const slots = new Set<number>();
    return keys.flatMap((each) => {
      const slot = numberAt(each, "slot");
      const problems: string[] = [];
      if (slots.has(slot)) problems.push(`${where} encryption key slot ${slot} is already in use`);
      slots.add(slot);
      if (!["static", "nodeID", "kms", "tpm"].some((kind) => valueAt(each, kind) !== undefined)) {
        problems.push(
          `${where} encryption key at slot ${slot} doesn't have the configuration parameters`,
        );
      }
      return problems;
    });
  });
}
