/** `talosctl etcd` and `bootstrap` as a user sees them; texts and tables are those of spec/machine-ops.md, 8, 15 and 16.6. */

import assert from "node:assert/strict";
import { RpcError, type Sandbox, startSandbox } from "../../mod.ts";
import { etcdOf } from "../../plugins/sandbox/etcd/etcd_cluster.ts";
import { startAnswering } from "../answering_nodes.ts";
import { type Outcome, talosctl } from "../talosctl.ts";

const [cp1, cp2, cp3] = ["10.5.0.2", "10.5.0.3", "10.5.0.4"] as const;
const smallBytes = 64 * 1024;
const downError =
  `rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial tcp ${cp2}:50000: connect: connection refused"`;

/** A sandbox, what runs the program against it, and a folder. */
async function withSandbox(
  options: { controlPlanes?: number; workers?: number },
  test: (
    run: (line: string, signal?: AbortSignal) => Promise<Outcome>,
    sandbox: Sandbox,
    folder: string,
  ) => Promise<void>,
) {
  await using sandbox = await startSandbox({ seed: 1, ...options });
  etcdOf(sandbox).databaseBytes = smallBytes;
  const folder = await Deno.makeTempDir();
  try {
    const talosconfigPath = `${folder}/talosconfig`;
    await sandbox.writeTalosconfig(talosconfigPath);
    const target = { talosconfigPath, clock: sandbox.clock };
    const run = (line: string, interrupt?: AbortSignal) =>
      talosctl(
        target,
        line.replaceAll("DIR", folder),
        interrupt === undefined ? {} : { interrupt },
      );
    await test(run, sandbox, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The records of a command that prints them as JSON, one document each. */
async function records(
  run: (line: string) => Promise<Outcome>,
  line: string,
): Promise<Record<string, unknown>[]> {
  const { stdout } = await run(`${line} -o json`);
  return stdout.split(/(?<=^}\n)/m).filter((text) => text !== "").map((text) => JSON.parse(text));
}

const hosts = async (run: (line: string) => Promise<Outcome>, node: string) => {
  const { code, stdout, stderr } = await run(`etcd members -n ${node} -o jsonpath={.hostname}`);
  assert.deepEqual([code, stderr], [0, ""]);
  return stdout.trim().split("\n").map((name) => name.replace("talos-default-controlplane-", "cp-"))
    .toSorted();
};

Deno.test("the tables of etcd are those of the official client, to the blank", async () => {
  await using nodes = await startAnswering({
    "machine.MachineService/EtcdMemberList": () => ({
      messages: [{
        members: [
          {
            id: "11256099",
            hostname: "cp-1",
            peerUrls: ["https://10.5.0.2:2380"],
            clientUrls: ["https://10.5.0.2:2379"],
          },
          {
            id: "18446744073709551615",
            hostname: "cp-2",
            peerUrls: ["https://10.5.0.3:2380", "https://[fd00::3]:2380"],
            clientUrls: ["https://10.5.0.3:2379"],
            isLearner: true,
          },
        ],
      }],
    }),
    "machine.MachineService/EtcdStatus": () => ({
      messages: [{
        memberStatus: {
          memberId: "11256099",
          dbSize: "20971520",
          dbSizeInUse: "6291456",
          leader: "3567",
          raftIndex: "12345",
          raftTerm: "7",
          raftAppliedIndex: "12344",
          protocolVersion: "3.6.4",
          storageVersion: "3.6.0",
        },
      }],
    }),
    "machine.MachineService/EtcdAlarmList": () => ({
      messages: [{ memberAlarms: [{ memberId: "11256099", alarm: "NOSPACE" }] }],
    }),
  });

  const members = await nodes.talosctl("etcd members -n 127.0.0.1");
  const status = await nodes.talosctl("etcd status -n 127.0.0.1");
  const alarms = await nodes.talosctl("etcd alarm list -n 127.0.0.1");

  assert.deepEqual(members, {
    code: 0,
    stderr: "",
    stdout: `\
NODE        ID                 HOSTNAME   PEER URLS                                      CLIENT URLS             LEARNER
127.0.0.1   0000000000abc123   cp-1       https://10.5.0.2:2380                          https://10.5.0.2:2379   false
127.0.0.1   ffffffffffffffff   cp-2       https://10.5.0.3:2380,https://[fd00::3]:2380   https://10.5.0.3:2379   true
`,
  });
  assert.deepEqual(status, {
    code: 0,
    stderr: "",
    stdout:
      "NODE        MEMBER             DB SIZE   IN USE            LEADER             RAFT INDEX   " +
      "RAFT TERM   RAFT APPLIED INDEX   LEARNER   PROTOCOL   STORAGE   ERRORS\n" +
      "127.0.0.1   0000000000abc123   21 MB     6.3 MB (30.00%)   0000000000000def   12345        " +
      "7           12344                false     3.6.4      3.6.0     \n",
  });
  assert.deepEqual(alarms, {
    code: 0,
    stderr: "",
    stdout: "NODE        MEMBER             ALARM\n127.0.0.1   0000000000abc123   NOSPACE\n",
  });
  assert.deepEqual(nodes.calls[0]?.request, { queryLocal: true });
});

Deno.test("etcd members keeps the other nodes' rows when one is down, and gives records", async () => {
  await withSandbox({ controlPlanes: 3 }, async (run, sandbox) => {
    await sandbox.fault(cp2, "down");

    const { code, stdout, stderr } = await run(`etcd members -n ${cp1},${cp2}`);
    const all = await records(run, `etcd members -n ${cp1}`);

    assert.deepEqual(stdout.match(/^10\S+/gm), [cp1, cp1, cp1]);
    assert.deepEqual([code, stderr], [1, `error from node ${cp2}: ${downError}\n`]);
    const record = all.find(({ hostname }) => hostname === "talos-default-controlplane-2");
    assert.match(String(record?.id), /^[\da-f]{16}$/);
    assert.deepEqual({ ...record, id: "" }, {
      node: cp1,
      id: "",
      hostname: "talos-default-controlplane-2",
      peerUrls: [`https://${cp2}:2380`],
      clientUrls: [`https://${cp2}:2379`],
      isLearner: false,
    });
  });
});

Deno.test("every command of etcd says of a worker what is only for control planes", async () => {
  await withSandbox({ workers: 1 }, async (run, _sandbox, folder) => {
    const rows = {
      "members": "member list",
      "status": "etcd status",
      "alarm list": "etcd alarm list",
      "alarm disarm": "etcd alarm disarm",
      "defrag": "etcd defragment",
      "forfeit-leadership": "etcd forfeit leadership",
      "leave": "etcd leave",
      "remove-member abc": "etcd remove member",
      "downgrade validate 3.6": "etcd downgrade validate",
      "downgrade enable 3.6": "etcd downgrade enable",
      "downgrade cancel": "etcd downgrade cancel",
      "snapshot DIR/db": "etcd snapshot",
    };
    for (const [words, what] of Object.entries(rows)) {
      const { code, stderr } = await run(`etcd ${words} -n ${cp2}`);
      const error =
        `rpc error: code = Unimplemented desc = ${what} is only available on control plane nodes\n`;
      const [prefix] = stderr.split("rpc error");
      assert.deepEqual([code, stderr], [1, `${prefix}${error}`], words);
      const isOne = /^(?:defrag|leave|downgrade)/.test(words);
      const expected = words.startsWith("snapshot")
        ? "error reading: "
        : `error from node ${cp2}: `;
      assert.equal(prefix, isOne ? "" : expected, words);
    }
    assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), ["talosconfig"]);
  });
});

Deno.test("commands of etcd for one node refuse several", async () => {
  await withSandbox({ controlPlanes: 3 }, async (run) => {
    const words = [
      "defrag",
      "leave",
      "snapshot DIR/db",
      "downgrade cancel",
      "downgrade enable 3.6",
    ];
    for (const word of words) {
      const { code, stderr } = await run(`etcd ${word} -n ${cp1},${cp2}`);
      const name = `etcd ${word}`.replace(/ (?:DIR|3).*/, "");
      assert.equal(code, 1);
      assert.ok(stderr.startsWith(`command "${name}" requires exactly one node (got 2)\n`), stderr);
    }
    const { stderr } = await run(`bootstrap -n ${cp1},${cp2}`);
    assert.ok(stderr.startsWith('command "bootstrap" requires exactly one node (got 2)\n'), stderr);
  });
});

Deno.test("etcd alarm list prints nothing without alarms; disarm clears them and shows which there were", async () => {
  await withSandbox({ controlPlanes: 3 }, async (run, sandbox) => {
    const [, second] = sandbox.nodes;
    assert.ok(second);
    const none = await run(`etcd alarm list -n ${cp1},${cp3}`);
    etcdOf(sandbox).raiseAlarm(second, "NOSPACE");
    const id = etcdOf(sandbox).memberOf(second)?.id ?? "";

    const listed = await run(`etcd alarm list -n ${cp1}`);
    const status = await run(`etcd status -n ${cp1}`);
    const cleared = await run(`etcd alarm disarm -n ${cp1}`);
    const after = await run(`etcd alarm list -n ${cp1}`);

    const table = `NODE       MEMBER             ALARM\n${cp1}   ${id}   NOSPACE\n`;
    assert.deepEqual(none, { code: 0, stdout: "", stderr: "" });
    assert.deepEqual(listed, { code: 0, stdout: table, stderr: "" });
    assert.match(status.stdout, /alarm:NOSPACE/);
    assert.deepEqual(cleared, listed);
    assert.deepEqual(after, none);
  });
});

Deno.test("etcd defrag gives free space back, of the one node", async () => {
  await withSandbox({ controlPlanes: 3 }, async (run) => {
    const sizes = async () =>
      (await records(run, `etcd status -n ${cp1},${cp2}`))
        .toSorted((one, other) => String(one.node) < String(other.node) ? -1 : 1)
        .map(({ dbSize }) => Number(dbSize));
    const before = await sizes();

    assert.deepEqual(await run(`etcd defrag -n ${cp1}`), { code: 0, stdout: "", stderr: "" });

    const after = await sizes();
    assert.deepEqual(before, [smallBytes, smallBytes]);
    assert.equal(after[1], smallBytes);
    assert.ok((after[0] ?? 0) < smallBytes);
  });
});

Deno.test("etcd forfeit-leadership has another member lead in the next term", async () => {
  await withSandbox({ controlPlanes: 2 }, async (run) => {
    const state = async () => {
      const [status] = await records(run, `etcd status -n ${cp1}`);
      return [status?.memberId, status?.leader, Number(status?.raftTerm)] as const;
    };
    const [member, leader, term] = await state();
    assert.equal(leader, member);

    const quiet = { code: 0, stdout: "", stderr: "" };
    assert.deepEqual(await run(`etcd forfeit-leadership -n ${cp1}`), quiet);
    const [, next, nextTerm] = await state();
    assert.deepEqual(await run(`etcd forfeit-leadership -n ${cp1}`), quiet);

    assert.notEqual(next, member);
    assert.equal(nextTerm, term + 1);
    assert.deepEqual((await state()).slice(1), [next, nextTerm]);
  });
  await withSandbox({ controlPlanes: 1 }, async (run) => {
    const { code, stderr } = await run(`etcd forfeit-leadership -n ${cp1}`);
    assert.deepEqual([code, stderr], [
      1,
      `error from node ${cp1}: rpc error: code = Unknown desc = failed to forfeit leadership: ` +
      "cannot forfeit leadership, only one member\n",
    ]);
  });
});

Deno.test("etcd downgrade goes one minor version down, and is refused otherwise", async () => {
  await withSandbox({}, async (run) => {
    const done = (what: string) => ({
      code: 0,
      stdout: `NODE       MESSAGE\n${cp1}   downgrade ${what} success, cluster version 3.7\n`,
      stderr: "",
    });
    assert.deepEqual(await run(`etcd downgrade cancel -n ${cp1}`), done("cancel"));
    assert.deepEqual(await run(`etcd downgrade validate 3.6 -n ${cp1}`), done("validate"));
    assert.deepEqual(await run(`etcd downgrade enable 3.6 -n ${cp1}`), done("enable"));
    const again = await run(`etcd downgrade enable 3.6 -n ${cp1}`);
    assert.equal(again.code, 1);
    assert.deepEqual(await run(`etcd downgrade cancel -n ${cp1}`), done("cancel"));

    const target =
      "Unknown desc = failed to query etcd status: etcdserver: invalid downgrade target version";
    const invalid = (text: string) => `InvalidArgument desc = ${text}`;
    const rows: Record<string, string> = {
      "3.5": target,
      "9.9": target,
      "3": invalid("version should be in MAJOR.MINOR format"),
      "3.6.0": invalid("version should be in MAJOR.MINOR format"),
      "x.6": invalid("major version should be a number"),
      "3.x": invalid("minor version should be a number"),
      "3.4": invalid("etcd downgrade is only supported to 3.5 and later versions"),
    };
    for (const [version, text] of Object.entries(rows)) {
      for (const word of ["validate", "enable"]) {
        assert.deepEqual(
          await run(`etcd downgrade ${word} ${version} -n ${cp1}`),
          { code: 1, stdout: "", stderr: `rpc error: code = ${text}\n` },
          `${word} ${version}`,
        );
      }
    }
  });
});

Deno.test("etcd leave takes a node out: it is no member, its service is stopped, its data are gone", async () => {
  await withSandbox({ controlPlanes: 3 }, async (run) => {
    assert.deepEqual(await run(`etcd leave -n ${cp2}`), { code: 0, stdout: "", stderr: "" });

    assert.deepEqual(await hosts(run, cp1), ["cp-1", "cp-3"]);
    const service = await run(`service etcd -n ${cp2} -o jsonpath={.state}`);
    assert.equal(service.stdout, "Finished\n");
    const files = await run(`ls -n ${cp2} /var/lib/etcd`);
    assert.doesNotMatch(files.stdout, /member/);
    const resources = await run(`get etcdmembers -n ${cp2} -o jsonpath={.spec.memberID}`);
    assert.equal(resources.stdout.trim(), "");
  });
});

Deno.test("etcd refuses to lose its last member or its quorum, as real etcd does", async () => {
  const unstarted = "etcdserver: re-configuration failed due to not enough started members";
  await withSandbox({ controlPlanes: 1 }, async (run, sandbox) => {
    const [member] = etcdOf(sandbox).members;

    const left = await run(`etcd leave -n ${cp1}`);
    const removed = await run(`etcd remove-member ${member?.id} -n ${cp1}`);

    assert.deepEqual([left.code, left.stderr], [
      1,
      `rpc error: code = Unknown desc = failed to leave cluster: ${unstarted}\n`,
    ]);
    assert.deepEqual([removed.code, removed.stderr], [
      1,
      `error from node ${cp1}: rpc error: code = Unknown desc = failed to remove member: ${unstarted}\n`,
    ]);
    assert.deepEqual(await hosts(run, cp1), ["cp-1"]);
  });
  await withSandbox({ controlPlanes: 3 }, async (run, sandbox) => {
    await sandbox.fault(cp2, "down");
    const [, second, third] = etcdOf(sandbox).members;

    const healthy = await run(`etcd remove-member ${third?.id} -n ${cp1}`);
    const dead = await run(`etcd remove-member ${second?.id} -n ${cp1}`);

    assert.deepEqual([healthy.code, healthy.stderr], [
      1,
      `error from node ${cp1}: rpc error: code = Unknown desc = failed to remove member: etcdserver: unhealthy cluster\n`,
    ]);
    assert.deepEqual(dead, { code: 0, stdout: "", stderr: "" });
    assert.deepEqual(await hosts(run, cp1), ["cp-1", "cp-3"]);
  });
});

Deno.test("etcd leave tries for five minutes while the cluster is unhealthy", async () => {
  await withSandbox({ controlPlanes: 3 }, async (run, sandbox) => {
    await sandbox.fault(cp2, "down");
    let hasEnded = false;
    const leaving = run(`etcd leave -n ${cp3}`).finally(() => hasEnded = true);
    // Time stands still but for this.
    while (!hasEnded) {
      sandbox.clock.advance(30_000);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }

    const { code, stderr } = await leaving;

    assert.deepEqual([code, stderr], [
      1,
      "rpc error: code = Unknown desc = failed to leave cluster: etcdserver: unhealthy cluster\n",
    ]);
  });
});

Deno.test("etcd remove-member reads hexadecimal ids, and asks every node of the list", async () => {
  await withSandbox({ controlPlanes: 3 }, async (run, sandbox) => {
    const prefix =
      "error parsing member ID: error parsing etcd member id: strconv.ParseUint: parsing ";
    const rows = {
      "zz": '"zz": invalid syntax',
      "0xab": '"0xab": invalid syntax',
      "fffffffffffffffff": '"fffffffffffffffff": value out of range',
    };
    for (const [id, text] of Object.entries(rows)) {
      const { code, stderr } = await run(`etcd remove-member ${id} -n ${cp1}`);
      assert.deepEqual([code, stderr], [1, `${prefix}${text}\n`]);
    }

    const id = etcdOf(sandbox).members[2]?.id ?? "";
    const { code, stderr } = await run(`etcd remove-member ${id.toUpperCase()} -n ${cp1},${cp2}`);

    assert.equal(code, 1);
    const notFound = `rpc error: code = NotFound desc = failed to remove member ${
      BigInt(`0x${id}`)
    }: etcdserver: member not found\n`;
    assert.match(stderr, /^error from node 10\.5\.0\.[23]: /);
    assert.ok(stderr.endsWith(notFound) && stderr.split("\n").length === 2, stderr);
    assert.deepEqual(await hosts(run, cp1), ["cp-1", "cp-2"]);
  });
});

Deno.test("on a terminal, what cannot be undone is asked about first", async () => {
  await withSandbox({ controlPlanes: 3 }, async (run, { clock }, folder) => {
    const target = { talosconfigPath: `${folder}/talosconfig`, clock };
    const onTerminal = (line: string, stdin: string) =>
      talosctl(target, line, { isTerminal: true, stdin });

    const refused = await onTerminal(`etcd leave -n ${cp2}`, "n\n");
    const before = await hosts(run, cp1);
    const agreed = await onTerminal(`etcd leave -n ${cp2}`, "y\n");
    const unasked = await onTerminal(`etcd remove-member abc --yes -n ${cp1}`, "");

    assert.equal(refused.code, 1);
    assert.match(
      refused.stdout,
      /10\.5\.0\.3: leaves the etcd cluster, and its copy of the database/,
    );
    assert.deepEqual(before, ["cp-1", "cp-2", "cp-3"]);
    assert.equal(agreed.code, 0, agreed.stderr);
    assert.deepEqual(await hosts(run, cp1), ["cp-1", "cp-3"]);
    assert.match(unasked.stderr, /code = NotFound/);
  });
});

Deno.test("etcd status says when there is no leader", async () => {
  await withSandbox({ controlPlanes: 3 }, async (run, sandbox) => {
    await sandbox.fault(cp2, "down");
    await sandbox.fault(cp3, "down");

    const [status] = await records(run, `etcd status -n ${cp1}`);

    assert.equal(status?.leader, "0000000000000000");
    assert.deepEqual(status.errors, ["etcdserver: no leader"]);
  });
});

Deno.test("members of an etcd that does not run are waited for, until Ctrl-C", async () => {
  await withSandbox({ controlPlanes: 2 }, async (run, sandbox) => {
    await run(`etcd leave -n ${cp2}`);
    const interrupt = new AbortController();
    const waiting = run(`etcd members -n ${cp2}`, interrupt.signal);
    while (
      !sandbox.calls.some(({ method, node }) => /EtcdMemberList$/.test(method) && node === cp2)
    ) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    interrupt.abort();

    const { code, stdout, stderr } = await waiting;

    // As recorded (life-etcd-members-on-left).
    assert.deepEqual({ code, stdout }, {
      code: 1,
      stdout: "NODE   ID   HOSTNAME   PEER URLS   CLIENT URLS   LEARNER\n",
    });
    assert.match(
      stderr,
      /error from node 10\.5\.0\.3: rpc error: code = Canceled desc = context canceled\n$/,
    );
  });
});

Deno.test("bootstrap is refused where etcd has data, and on a worker", async () => {
  await withSandbox({ workers: 1 }, async (run) => {
    const full = await run(`bootstrap -n ${cp1}`);
    const worker = await run(`bootstrap -n ${cp2}`);

    const prefix = "error executing bootstrap: rpc error: code = ";
    assert.deepEqual(full, {
      code: 1,
      stdout: "",
      stderr: `${prefix}AlreadyExists desc = etcd data directory is not empty\n`,
    });
    assert.equal(
      worker.stderr,
      `${prefix}Unimplemented desc = bootstrap is only available on control plane nodes\n`,
    );
  });
});

Deno.test("bootstrap --recover-from brings a cluster back with what was in the snapshot", async () => {
  await withSandbox({ controlPlanes: 3 }, async (run, sandbox, folder) => {
    const [first, ...others] = sandbox.nodes;
    assert.ok(first);
    const saved = await run(`etcd snapshot DIR/db -n ${cp1}`);
    const etcd = etcdOf(sandbox);
    const ids = etcd.members.map(({ id }) => id);
    // All data of etcd are lost, and each node waits for a cluster.
    for (const node of sandbox.nodes) etcd.removed(node);
    assert.deepEqual(others.map((node) => etcd.join(node)), [false, false]);

    const { code, stdout, stderr } = await run(`bootstrap --recover-from DIR/db -n ${cp1}`);

    const info = saved.stdout.match(/snapshot info: (.*)\n/)?.[1];
    assert.deepEqual({ code, stdout, stderr }, {
      code: 0,
      stdout: `recovering from snapshot "${folder}/db": ${info}\n`,
      stderr: "",
    });
    assert.deepEqual(await hosts(run, cp1), ["cp-1", "cp-2", "cp-3"]);
    assert.deepEqual(etcd.members.map(({ id }) => ids.includes(id)), [false, false, false]);
    const again = await run(`etcd snapshot DIR/again -n ${cp1}`);
    assert.equal(again.stdout.match(/snapshot info: (.*)\n/)?.[1], info);
    const uploads = sandbox.calls.filter(({ method }) => method.endsWith("/EtcdRecover"));
    assert.equal(uploads.length, 1);
  });
});

Deno.test("bootstrap looks into the snapshot before it asks the node", async () => {
  await withSandbox({}, async (run, sandbox, folder) => {
    await Deno.writeTextFile(`${folder}/no-db`, "no database");

    const missing = await run(`bootstrap --recover-from DIR/nowhere -n ${cp1}`);
    const foreign = await run(
      `bootstrap --recover-from DIR/no-db --recover-skip-hash-check -n ${cp1}`,
    );

    assert.deepEqual(missing, {
      code: 1,
      stdout: "",
      stderr: `stat ${folder}/nowhere: no such file or directory\n`,
    });
    assert.deepEqual(foreign, { code: 1, stdout: "", stderr: "invalid database\n" });
    assert.deepEqual(sandbox.calls, []);
  });
});

Deno.test("bootstrap says when the upload of the snapshot failed, and asks for nothing more", async () => {
  await using nodes = await startAnswering({
    "machine.MachineService/EtcdRecover": () => {
      throw new RpcError("FailedPrecondition", "etcd service is not ready for recovery yet");
    },
  });
  await withSandbox({}, async (run, _sandbox, folder) => {
    await run(`etcd snapshot DIR/db -n ${cp1}`);

    const { code, stderr } = await nodes.talosctl(
      `bootstrap --recover-from ${folder}/db -n ${cp1}`,
    );

    assert.deepEqual([code, stderr], [
      1,
      "error uploading snapshot: rpc error: code = FailedPrecondition desc = " +
      "etcd service is not ready for recovery yet\n",
    ]);
    assert.deepEqual(nodes.calls.map(({ method }) => method), ["EtcdRecover"]);
  });
});
