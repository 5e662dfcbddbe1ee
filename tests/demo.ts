/**
 * `deno task demo`: the main job on a simulated cluster. Real processes, real sockets: contexts, versions,
 * services and members of several nodes through one endpoint; then nodes are changed, and that endpoint goes down.
 */
// deno-lint-ignore-file no-console -- a program that prints

import { processEnvironment } from "./process_environment.ts";

const program = new URL("../cli/main.ts", import.meta.url).pathname;
const home = await Deno.makeTempDir({ prefix: "talosctl-demo-" });

try {
  say(
    "A cluster of 3 control planes and 2 workers, simulated in one process; its time goes by quickly.",
  );
  await talosctl("cluster create sandbox --name demo --controlplanes 3 --workers 2 --speed 100");
  await talosctl("cluster show --name demo");

  say("Its context was merged into the talosconfig and made current.");
  await talosctl("config contexts");
  const [first = "", ...others] = await endpoints();

  say(`Three nodes, asked at once through one endpoint (${first}), which proxies to the others.`);
  const nodes = "10.5.0.2,10.5.0.3,10.5.0.5";
  await talosctl(`-e ${first} -n ${nodes} version --short`);
  await talosctl(`-e ${first} -n ${nodes} service`);
  await talosctl(`-e ${first} -n ${nodes} get members`);

  say("Resources, files, logs and events of a node; Ctrl-C ends what follows.");
  await talosctl("get disks");
  await talosctl("ls -l /etc/kubernetes");
  await talosctl(`cp /etc ${home}/etc`);
  console.log(
    `${home}/etc holds: ${
      [...Deno.readDirSync(`${home}/etc`)].map(({ name }) => name).sort().join(" ")
    }`,
  );
  await follow("logs machined --tail 3 -f", 3);
  await follow("events --tail 5", 6);

  say(
    "A change of a node's configuration, and the resource that shows its effect.",
  );
  const patch = `${home}/sysctls.yaml`;
  await Deno.writeTextFile(patch, "machine:\n  sysctls:\n    vm.swappiness: '1'\n");
  await talosctl(`-n 10.5.0.5 patch machineconfig -p @${patch}`);
  await talosctl("-n 10.5.0.5 get kernelparams proc.sys.vm.swappiness");

  say("A worker restarts and is followed until it is up again: another boot id is the proof.");
  await inShort("-n 10.5.0.5 reboot");

  say("etcd, as one of its members sees it.");
  await talosctl(`-e ${first} -n 10.5.0.3 etcd members`);

  say(`That endpoint goes down. Alone it cannot be reached any more …`);
  await talosctl(`sandbox fault ${first} down --name demo`);
  await talosctl(`-e ${first} -n 10.5.0.3 version --short`, 1);

  say(
    `… but with all endpoints of the context (${
      [first, ...others].join(", ")
    }) the next one answers.`,
  );
  await talosctl("-n 10.5.0.3,10.5.0.4 version --short");
} finally {
  say("Everything is removed again.");
  await talosctl("cluster destroy --name demo");
  await Deno.remove(home, { recursive: true });
}

function say(text: string): void {
  console.log(`\n# ${text}\n`);
}

/** Runs a command line as a user would, in an empty home; any other exit status than the expected one ends the demo. */
async function talosctl(line: string, expectedCode = 0): Promise<void> {
  console.log(`$ talosctl ${line}`);
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", program, ...line.split(" ")],
    env: processEnvironment(home),
    clearEnv: true,
    stdin: "null",
    stdout: "inherit",
    stderr: "inherit",
  }).output();
  console.log();
  if (code !== expectedCode) throw new Error(`exit status ${code}, expected ${expectedCode}`);
}

/** Runs a command that tells of every step, and shows the first and the last of them. */
async function inShort(line: string): Promise<void> {
  console.log(`$ talosctl ${line}`);
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", program, ...line.split(" ")],
    env: processEnvironment(home),
    clearEnv: true,
    stdin: "null",
  }).output();
  const lines = new TextDecoder().decode(stderr).trimEnd().split("\n");
  console.log([...lines.slice(0, 4), `… ${lines.length - 7} more`, ...lines.slice(-3)].join("\n"));
  console.log();
  if (code !== 0) throw new Error(`exit status ${code}, expected 0`);
}

/** Runs a command that does not end by itself, until it has printed some lines; then interrupts it, as Ctrl-C does. */
async function follow(line: string, lines: number): Promise<void> {
  console.log(`$ talosctl ${line}`);
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", program, ...line.split(" ")],
    env: processEnvironment(home),
    clearEnv: true,
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  let left = lines;
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    await Deno.stdout.write(new TextEncoder().encode(text));
    left -= text.split("\n").length - 1;
    if (left <= 0) break;
  }
  child.kill("SIGINT");
  await child.status;
  console.log();
}

/** The endpoints of the current context. */
async function endpoints(): Promise<string[]> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", program, "config", "info", "-o", "json"],
    env: processEnvironment(home),
    clearEnv: true,
  }).output();
  return JSON.parse(new TextDecoder().decode(stdout)).endpoints;
}
