/** The processors of a node as `/proc/cpuinfo` describes them. */

import { cpuCount, cpuMhz } from "./hardware.ts";

/** The kernel's field names with their values, in its order. */
export function processorFields(index: number): readonly (readonly [string, string])[] {
  return [
    ["processor", String(index)],
    ["vendor_id", "GenuineIntel"],
    ["cpu family", "6"],
    ["model", "106"],
    ["model name", "Intel(R) Xeon(R) Processor @ 2.00GHz"],
    ["stepping", "6"],
    ["microcode", "0x1"],
    ["cpu MHz", cpuMhz.toFixed(3)],
    ["cache size", "16384 KB"],
    ["physical id", "0"],
    ["siblings", String(cpuCount)],
    ["core id", String(index)],
    ["cpu cores", String(cpuCount)],
    ["apicid", String(index)],
    ["initial apicid", String(index)],
    ["fpu", "yes"],
    ["fpu_exception", "yes"],
    ["cpuid level", "13"],
    ["wp", "yes"],
    ["flags", "fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov pat sse sse2 ht lm"],
    ["bugs", "spectre_v1 spectre_v2 spec_store_bypass"],
    ["bogomips", (cpuMhz * 2).toFixed(2)],
    ["clflush size", "64"],
    ["cache_alignment", "64"],
    ["address sizes", "46 bits physical, 48 bits virtual"],
    ["power management", ""],
  ];
}
