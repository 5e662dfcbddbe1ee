/** Checks of the main document's `machine.install`, which only metal machines use (spec/machine-config.md, 12.2). */

import { goQuote } from "../../output/go_quote.ts";
import { type ConfigValue, listAt, textAt, valueAt } from "../value.ts";

const diskTypes: readonly string[] = ["ssd", "hdd", "nvme", "sd"];

/** All that is wrong with an installation, where there is one. */
export function installProblems(install: ConfigValue | undefined): string[] {
  if (install === undefined) return [];
  const problems: string[] = [];
  const selector = valueAt(install, "diskSelector");
  const type = textAt(selector, "type");
  const invalid = "install disk selector is invalid: ";
  if (textAt(selector, "name") !== "") {
    problems.push(`${invalid}selector on name is not supported`);
  } else if (type !== "" && !diskTypes.includes(type.toLowerCase())) {
    problems.push(`${invalid}unsupported disk type ${goQuote(type)}`);
  }
  if (textAt(install, "disk") === "" && selector === undefined) {
    problems.push("either install disk or diskSelector should be defined");
  }
  const hasArguments = listAt(install, "extraKernelArgs").length > 0;
  if (hasArguments && valueAt(install, "grubUseUKICmdline") === true) {
    problems.push("install.extraKernelArgs and install.grubUseUKICmdline can't be used together");
  }
  return problems;
}
