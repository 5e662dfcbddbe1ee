/** `debug` (spec/machine-ops.md, 11 and 16.6): images from registries and files, input, output, signals, sizes, and how it ends. */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import type { TerminalEvent } from "../../core/command.ts";
import { renderTalosconfig } from "../../core/talosconfig/save.ts";
import { emptyTalosconfigContext } from "../../core/talosconfig/talosconfig.ts";
import { type Sandbox, startSandbox } from "../../mod.ts";
import {
  DebugContainerRunRequest,
  DebugContainerRunResponse,
} from "../../proto/gen/machine/debug.ts";
import { ImageServicePullResponse } from "../../proto/gen/machine/image.ts";
import { startAnswering } from "../answering_nodes.ts";
import { type EndpointCall, startEndpoint } from "../grpc_endpoint.ts";
import { sandboxClient } from "../sandbox_client.ts";
import { withContext } from "../talos_client.ts";
import { type Outcome, type RunOptions, runProgram, talosctl } from "../talosctl.ts";

type Run = (words: readonly string[], options?: RunOptions) => Promise<Outcome>;

/** Runs `debug` on the first node. */
async function withDebug(
  sandbox: Sandbox,
  test: (run: Run) => Promise<void>,
  role = "os:admin",
): Promise<void> {
  const talosconfigPath = await Deno.makeTempFile();
  const target = { talosconfigPath, clock: sandbox.clock };
  try {
    await sandbox.writeTalosconfig(talosconfigPath, role);
    await test((words, options) =>
      talosctl(target, ["debug", ...words, "-n", "10.5.0.2"], options)
    );
  } finally {
    await Deno.remove(talosconfigPath);
  }
}

/** Lines on stderr about the image, which come before the container runs. */
function withoutPull({ stderr, ...outcome }: Outcome): Outcome {
  return { ...outcome, stderr: stderr.replace(/^10\.5\.0\.2: pulled image .*\n/, "") };
}

const sandboxOptions = { seed: 1, speed: 1000 } as const;

Deno.test("debug runs what it is told to and ends as the container does", async () => {
  const rows: { args: string[]; stdin?: string; expected: Outcome }[] = [
    {
      args: ["--args", "echo,hello,world"],
      expected: { code: 0, stdout: "hello world\n", stderr: "" },
    },
    {
      args: ["--args", "sh", "--args", "-c", "--args", "echo one; exit 3"],
      expected: { code: 1, stdout: "one\n", stderr: "container exited with code 3\n" },
    },
    {
      args: ["--args", "cat"],
      stdin: "typed\n".repeat(1000),
      expected: { code: 0, stdout: "typed\n".repeat(1000), stderr: "" },
    },
    {
      args: [],
      stdin: "echo 'from the shell'\nfalse\n",
      expected: {
        code: 1,
        stdout: "from the shell\n",
        stderr: "container exited with code 1\n",
      },
    },
    {
      args: ["--args", "nosuchbinary"],
      expected: {
        code: 1,
        stdout: "",
        stderr: "rpc error: code = Unknown desc = failed to create task: failed to create shim " +
          "task: OCI runtime create failed: runc create failed: unable to start container " +
          'process: exec: "nosuchbinary": executable file not found in $PATH\n',
      },
    },
  ];
  await using sandbox = await startSandbox(sandboxOptions);
  await withDebug(sandbox, async (run) => {
    for (const { args, stdin = "", expected } of rows) {
      const outcome = await run(["alpine", ...args], { stdin });

      assert.match(
        outcome.stderr,
        /^10\.5\.0\.2: pulled image docker\.io\/library\/alpine@sha256:/,
      );
      assert.deepEqual(withoutPull(outcome), expected, args.join(" "));
    }
  });
});

Deno.test("on a terminal keys are echoed by the container, Ctrl-C ends it, and its size is known", async () => {
  await using sandbox = await startSandbox(sandboxOptions);
  await withDebug(sandbox, async (run) => {
    const shell = await run(["alpine"], { isTerminal: true, stdin: "stty size\rexit 4\r" });
    const echoed = Promise.withResolvers<void>();
    let shown = "";
    const interrupted = await run(["alpine", "--args", "cat"], {
      isTerminal: true,
      stdin: keys("a\r", echoed.promise, "\x03"),
      onStdout(bytes) {
        shown += new TextDecoder().decode(bytes);
        if (shown === "a\r\na\r\n") echoed.resolve();
      },
    });
    const ended = await run(["alpine", "--args", "cat"], { isTerminal: true, stdin: "b\r\x04" });

    assert.equal(shell.code, 1);
    assert.match(shell.stdout, /stty size\r\n/);
    assert.match(shell.stdout, /24 80\r\n/);
    assert.match(shell.stderr, /container exited with code 4\n$/);
    assert.deepEqual([interrupted.code, interrupted.stdout], [1, "a\r\na\r\n"]);
    assert.match(interrupted.stderr, /container exited with code 130\n$/);
    assert.deepEqual([ended.code, ended.stdout], [0, "b\r\nb\r\n"]);
  });
});

/** Keys that are typed when the time has come. */
async function* keys(...typed: (string | Promise<void>)[]): AsyncGenerator<string> {
  for (const each of typed) {
    if (typeof each === "string") yield each;
    else await each;
  }
}

async function* events(...all: TerminalEvent[]): AsyncGenerator<TerminalEvent> {
  yield* all;
}

Deno.test("signals that would end the program end the container", async () => {
  await using sandbox = await startSandbox(sandboxOptions);
  await withDebug(sandbox, async (run) => {
    for (const [number, code] of [[2, 130], [15, 143], [3, 131], [1, 129]] as const) {
      const ended = Promise.withResolvers<void>();

      const outcome = await run(["alpine", "--args", "cat"], {
        stdin: keys(ended.promise),
        terminalEvents: events({ kind: "signal", number }),
      });

      ended.resolve();
      assert.deepEqual(withoutPull(outcome), {
        code: 1,
        stdout: "",
        stderr: `container exited with code ${code}\n`,
      });
    }
  });
});

/** An endpoint whose container answers as `handle` does, and the requests that it was sent. */
async function startContainerEndpoint(
  handle: (request: DebugContainerRunRequest, call: EndpointCall) => void,
  onEnd: (call: EndpointCall) => void = () => {},
) {
  const endpoint = await startEndpoint({});
  const same = (bytes: Buffer) => bytes;
  const pull = (call: EndpointCall) => {
    call.write(Buffer.from(ImageServicePullResponse.encode({ name: "x@sha256:0" }).finish()));
    call.end();
  };
  const run = (call: EndpointCall) => {
    call.on("data", (bytes) => handle(DebugContainerRunRequest.decode(bytes), call));
    call.on("end", () => onEnd(call));
  };
  endpoint.server.register("/machine.ImageService/Pull", pull, same, same, "bidi");
  endpoint.server.register("/machine.DebugService/ContainerRun", run, same, same, "bidi");
  const path = await Deno.makeTempFile();
  const context = { ...emptyTalosconfigContext(), ...endpoint.context };
  await Deno.writeTextFile(path, renderTalosconfig(withContext("test", context)));
  return {
    debug: (words: string, options: RunOptions) =>
      runProgram(["debug", "x", "-n", "10.0.0.1", ...words.split(" ")], {
        ...options,
        env: { TALOSCONFIG: path },
      }),
    async [Symbol.asyncDispose]() {
      await endpoint[Symbol.asyncDispose]();
      await Deno.remove(path);
    },
  };
}

Deno.test("debug sends what is to be run, then the terminal's size, its changes, and keys in small pieces", async () => {
  const received: DebugContainerRunRequest[] = [];
  const resized = Promise.withResolvers<void>();
  await using endpoint = await startContainerEndpoint((request, call) => {
    received.push(request);
    if (request.termResize?.width === 100) resized.resolve();
    if (request.stdinData?.length !== 476) return;
    call.write(Buffer.from(DebugContainerRunResponse.encode({ exitCode: 0 }).finish()));
    call.end();
  });

  const { code } = await endpoint.debug("--namespace system --args a,b --args c", {
    isTerminal: true,
    stdin: keys(resized.promise, "k".repeat(1500)),
    terminalEvents: events({ kind: "resize", size: { columns: 100, rows: 50 } }),
  });

  const [first, ...rest] = received;
  assert.equal(code, 0);
  assert.deepEqual(first?.spec, {
    containerd: { driver: "CRI", namespace: "NS_SYSTEM" },
    imageName: "x@sha256:0",
    args: ["a", "b", "c"],
    env: {},
    profile: "PROFILE_PRIVILEGED",
    tty: true,
  });
  assert.deepEqual(rest.map(({ termResize, stdinData }) => termResize ?? stdinData?.length), [
    { width: 80, height: 24 },
    { width: 100, height: 50 },
    1024,
    476,
  ]);
});

Deno.test("a stream that breaks is reported in red while somebody types, else it is the command's error", async () => {
  const fail = (call: EndpointCall) => {
    call.emit("error", Object.assign(new Error("gone"), { code: 13, details: "gone" }));
  };
  await using early = await startContainerEndpoint((_request, call) => fail(call));
  await using late = await startContainerEndpoint(() => {}, fail);
  const ended = Promise.withResolvers<void>();

  const typing = await early.debug("--args sh", { isTerminal: true, stdin: keys(ended.promise) });
  const piped = await early.debug("--args sh", { stdin: keys(ended.promise) });
  const typed = await late.debug("--args sh", { isTerminal: true, stdin: "" });

  ended.resolve();
  const error = "rpc error: code = Internal desc = gone";
  const pulled = "10.0.0.1: pulled image x@sha256:0";
  assert.deepEqual(typing, {
    code: 0,
    stdout: "",
    stderr: `\x1b[32m${pulled}\x1b[0m\n\x1b[31m◰ error: ${error}\x1b[0m\n`,
  });
  assert.deepEqual(piped, { code: 1, stdout: "", stderr: `${pulled}\n${error}\n` });
  assert.deepEqual(typed, {
    code: 1,
    stdout: "",
    stderr: `\x1b[32m${pulled}\x1b[0m\n${error}\n`,
  });
});

/** A tar file with one entry, as `docker save` begins. */
function imageTar(manifest: string): Uint8Array {
  const header = new Uint8Array(512);
  const put = (text: string, at: number) => header.set(new TextEncoder().encode(text), at);
  put("manifest.json", 0);
  put(manifest.length.toString(8).padStart(11, "0"), 124);
  put(" ".repeat(8), 148);
  const sum = header.reduce((sum, byte) => sum + byte, 0);
  put(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  const content = new Uint8Array(512);
  content.set(new TextEncoder().encode(manifest));
  return Uint8Array.from([...header, ...content, ...new Uint8Array(1024)]);
}

Deno.test("a file is imported as an image, and what is no image is refused", async () => {
  const folder = await Deno.makeTempDir();
  const name = "docker.io/library/tools:1";
  await Deno.writeFile(`${folder}/tools.tar`, imageTar(JSON.stringify([{ RepoTags: [name] }])));
  await Deno.writeFile(`${folder}/empty.tar`, imageTar("[]"));
  await Deno.writeTextFile(`${folder}/text`, "no archive");
  await Deno.writeFile(`${folder}/cut.tar`, imageTar("[]").subarray(0, 700));
  const notSent = "failed to import image: error closing send stream: rpc error: code = ";
  const rows = [
    ["empty.tar", `${notSent}InvalidArgument desc = no images imported from archive\n`],
    ["text", `${notSent}Internal desc = failed to import image: unexpected EOF\n`],
    ["cut.tar", `${notSent}Internal desc = failed to import image: unexpected EOF\n`],
  ] as const;
  await using sandbox = await startSandbox(sandboxOptions);
  await withDebug(sandbox, async (run) => {
    const good = await run([`${folder}/tools.tar`, "--args", "echo,hi"]);
    const styled = await run([`${folder}/tools.tar`, "--args", "echo,hi"], { isTerminal: true });

    const done = `10.5.0.2: image imported ${name} from ${folder}/tools.tar`;
    assert.deepEqual(good, { code: 0, stdout: "hi\n", stderr: `${done}\n` });
    assert.equal(
      styled.stderr,
      `\x1b[33m◰ 10.5.0.2: 2.0 KiB imported\x1b[0m\n\x1b[A\x1b[K\x1b[32m${done}\x1b[0m\n`,
    );
    for (const [file, stderr] of rows) {
      assert.deepEqual(await run([`${folder}/${file}`]), { code: 1, stdout: "", stderr }, file);
    }
    const below = await run([`${folder}/text/below`]);
    assert.equal(
      below.stderr,
      `failed to stat image argument: stat ${folder}/text/below: not a directory\n`,
    );
  });
  await Deno.remove(folder, { recursive: true });
});

Deno.test("debug says what is missing before it asks a node", async () => {
  await using cluster = await startAnswering({});
  const rows = [
    ["debug -n 10.0.0.1", "an image tar path or reference is required\n"],
    ["debug alpine --namespace zz -n 10.0.0.1", 'unsupported namespace "zz"\n'],
  ] as const;
  for (const [line, stderr] of rows) {
    assert.deepEqual(await cluster.talosctl(line), { code: 1, stdout: "", stderr }, line);
  }

  const two = await cluster.talosctl("debug alpine -n 10.0.0.1,10.0.0.2");
  assert.match(two.stderr, /^command "debug" requires exactly one node \(got 2\)\n\nUsage:\n/);
});

Deno.test("an operator may pull the image but not run it, and a pull that fails says so", async () => {
  await using sandbox = await startSandbox(sandboxOptions);
  await withDebug(sandbox, async (run) => {
    assert.deepEqual(withoutPull(await run(["alpine"])), {
      code: 1,
      stdout: "",
      stderr: "rpc error: code = PermissionDenied desc = not authorized\n",
    });
    const { stderr } = await run(["nosuch:1"]);
    assert.match(
      stderr,
      /^failed to pull image: error from node 10\.5\.0\.2: rpc error: code = NotFound desc = error pulling/,
    );
  }, "os:operator");
});

Deno.test("a node looks at what debug asks for before it starts a container", async () => {
  const sandbox = await startSandbox(sandboxOptions);
  await using client = sandboxClient(sandbox);
  const containerd = { driver: "CONTAINERD", namespace: "NS_SYSTEM" };
  const spec = { containerd, imageName: "x", args: [], env: {}, profile: "PROFILE_PRIVILEGED" };
  const run = async (request: object) =>
    (await client.call("machine.DebugService", "ContainerRun", { request })).status;

  assert.equal(await run({ signal: 1 }), "INVALID_ARGUMENT: expected debug container spec");
  assert.equal(
    await run({ spec: { ...spec, profile: "PROFILE_UNSPECIFIED" } }),
    "INVALID_ARGUMENT: unsupported debug container profile: PROFILE_UNSPECIFIED",
  );
  assert.equal(await run({ spec }), 'NOT_FOUND: image x not found: image "x": not found');
});
