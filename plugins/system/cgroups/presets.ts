/** The ready-made sets of columns of `cgroups` (spec/machine-read.md, 18). */

/** A column: its header, and the template of its cells. */
export interface SchemaColumn {
  name: string;
  template: string;
}

/** The names of the presets, sorted. */
export const presetNames = ["cpu", "cpuset", "io", "memory", "process", "psi", "swap"] as const;

/** One of them. */
export type PresetName = typeof presetNames[number];

/** The columns of each preset, as header and template. */
export const presets: Readonly<Record<PresetName, readonly SchemaColumn[]>> = {
  cpu: [
    column("CpuWeight", '{{.CPUWeight | printf "%6s"}}'),
    column("CpuNice", '{{.CPUWeightNice | printf "%6s"}}'),
    column("CpuMax", '{{.CPUMax | printf "%6s"}}'),
    column("CpuUser", '{{.CPUStat.user_usec.UsecToDuration | printf "%12s"}}'),
    column("User/%", shareOfParent("user_usec")),
    column("CpuSystem", '{{.CPUStat.system_usec.UsecToDuration | printf "%12s"}}'),
    column("System/%", shareOfParent("system_usec")),
    column("Throttled", '{{.CPUStat.throttled_usec.UsecToDuration | printf "%12s"}}'),
  ],
  cpuset: [
    column("CpuSet", '{{.CPUSetCPUs | printf "%12s"}}'),
    column("CpuSet(Eff)", '{{.CPUSetCPUsEffective | printf "%12s"}}'),
    column("Mems", '{{.CPUSetMems | printf "%12s"}}'),
    column("Mems(Eff)", '{{.CPUSetMemsEffective | printf "%12s"}}'),
  ],
  io: [
    column(
      "Bytes Read/Written",
      eachDisk("{{$io.rbytes.HumanizeIBytes}}/{{$io.wbytes.HumanizeIBytes}}"),
    ),
    column("ios Read/Write", `{{if .Parent}}${eachDisk("{{$io.rios}}/{{$io.wios}}")}{{end}}`),
    column("PressAvg10", '{{.IOPressure.some.avg10 | printf "%6s"}}'),
    column("PressAvg60", '{{.IOPressure.some.avg60 | printf "%6s"}}'),
    column("PressTotal", '{{.IOPressure.some.total.UsecToDuration | printf "%12s"}}'),
  ],
  memory: [
    column("MemCurrent", iBytes("MemoryCurrent")),
    column("MemPeak", iBytes("MemoryPeak")),
    column("MemLow", iBytes("MemoryLow")),
    column("Peak/Low", '{{.MemoryPeak.DivideBy .MemoryLow | printf "%6s%%"}}'),
    column("MemHigh", iBytes("MemoryHigh")),
    column("MemMin", iBytes("MemoryMin")),
    column("Current/Min", '{{.MemoryCurrent.DivideBy .MemoryMin | printf "%6s%%"}}'),
    column("MemMax", iBytes("MemoryMax")),
  ],
  process: [
    column("PidsCurrent", '{{.PidsCurrent | printf "%8s"}}'),
    column("PidsPeak", '{{.PidsPeak | printf "%8s"}}'),
    column("PidsMax", '{{.PidsMax | printf "%8s"}}'),
    column("Procs", '{{len .CgroupProcs | printf "%7d"}}'),
    column("Threads", '{{len .CgroupThreads | printf "%7d"}}'),
    column("Processes", '{{if .Parent}}{{print .CgroupProcsResolved | printf "%.50s"}}{{end}}'),
  ],
  psi: [
    column("MemCurrent", iBytes("MemoryCurrent")),
    column("MemPsiSome10", '{{.MemoryPressure.some.avg10 | printf "%6s"}}'),
    column("MemPsi10", '{{.MemoryPressure.full.avg10 | printf "%6s"}}'),
    column("CpuPsi10", '{{.CPUPressure.full.avg10 | printf "%6s"}}'),
    column("IoPsi10", '{{.IOPressure.full.avg10 | printf "%6s"}}'),
  ],
  swap: [
    column("SwapCurrent", iBytes("MemorySwapCurrent")),
    column("SwapPeak", iBytes("MemorySwapPeak")),
    column("SwapHigh", iBytes("MemorySwapHigh")),
    column("SwapMax", iBytes("MemorySwapMax")),
    column("ZswapCurrent", iBytes("MemoryZswapCurrent")),
    column("ZswapMax", iBytes("MemoryZswapMax")),
    column("ZswapWriteback", "{{.MemoryZswapWriteback}}"),
  ],
};

function column(name: string, template: string): SchemaColumn {
  return { name, template };
}

function iBytes(field: string): string {
  return `{{.${field}.HumanizeIBytes | printf "%8s"}}`;
}

function shareOfParent(counter: string): string {
  const share = `.CPUStat.${counter}.DivideBy .Parent.CPUStat.${counter}`;
  return `{{if .Parent}}{{${share} | printf "%6s"}}%{{else}}-{{end}}`;
}

function eachDisk(counters: string): string {
  return `{{range $disk, $io := .IOStat}}{{if $io}}{{$disk}}: ${counters} {{end}}{{end}}`;
}
