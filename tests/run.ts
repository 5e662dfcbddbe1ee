/** `deno task test`: runs all tests and closes with `N passed, N failed`, counted from the runner's JUnit report. */
// deno-lint-ignore-file no-console -- a program that prints

const report = Deno.makeTempFileSync({ suffix: ".xml" });
try {
  const paths = Deno.args.length > 0 ? Deno.args : ["tests/", "core/", "docs/library.md", "mod.ts"];
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "-A", "--doc", "--parallel", `--junit-path=${report}`, ...paths],
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "inherit",
    stderr: "inherit",
  }).spawn().status;
  const { passed, failed } = countCases(Deno.readTextFileSync(report));
  // A run that broke off before its tests has failed, whatever it counted.
  const broken = code !== 0 && failed === 0 ? 1 : 0;
  console.log(`${passed} passed, ${failed + broken} failed`);
  Deno.exit(code === 0 && passed > 0 ? 0 : 1);
} finally {
  Deno.removeSync(report);
}

/** Counts test cases; a skipped one is neither. */
function countCases(xml: string): { passed: number; failed: number } {
  const cases = xml.match(/<testcase\b[^>]*?(?:\/>|>[\s\S]*?<\/testcase>)/g) ?? [];
  const failed = cases.filter((it) => /<(failure|error)\b/.test(it)).length;
  const skipped = cases.filter((it) => /<skipped\b/.test(it)).length;
  return { passed: cases.length - failed - skipped, failed };
}
