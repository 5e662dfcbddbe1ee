/** `time`: the table of spec/machine-read.md 10, and answers without a time. */

import assert from "node:assert/strict";
import { RpcError } from "../../core/errors.ts";
import { startAnswering } from "../answering_nodes.ts";

const localtime = { seconds: "1700000000", nanos: 123_450_000 };
const remotetime = { seconds: "1700000000", nanos: 0 };
const header = "NODE   NTP-SERVER   NODE-TIME   NTP-SERVER-TIME\n";

Deno.test("time shows both clocks in UTC", async () => {
  await using cluster = await startAnswering({
    "time.TimeService/Time": () => ({
      messages: [{ server: "time.cloudflare.com", localtime, remotetime }],
    }),
  });

  const outcome = await cluster.talosctl("time -n 10.0.0.1");
  const json = await cluster.talosctl("time -n 10.0.0.1 -o json");

  const table =
    `NODE       NTP-SERVER            NODE-TIME                             NTP-SERVER-TIME
10.0.0.1   time.cloudflare.com   2023-11-14 22:13:20.12345 +0000 UTC   2023-11-14 22:13:20 +0000 UTC
`;
  assert.deepEqual(outcome, { code: 0, stdout: table, stderr: "" });
  assert.deepEqual(JSON.parse(json.stdout), {
    node: "10.0.0.1",
    server: "time.cloudflare.com",
    localtime: "2023-11-14T22:13:20.12345Z",
    remotetime: "2023-11-14T22:13:20Z",
  });
});

Deno.test("time --check names the server to ask, and a failed query leaves the header alone", async () => {
  await using cluster = await startAnswering({
    "time.TimeService/TimeCheck": () => {
      throw new RpcError("Unknown", 'error querying NTP server "127.0.0.1": refused');
    },
  });

  const outcome = await cluster.talosctl("time --check 127.0.0.1 -n 127.0.0.2");

  assert.deepEqual(outcome, {
    code: 1,
    stdout: header,
    stderr:
      'error from node 127.0.0.2: rpc error: code = Unknown desc = error querying NTP server "127.0.0.1": refused\n',
  });
  assert.deepEqual(cluster.calls.map(({ request }) => request), [{ server: "127.0.0.1" }]);
});

Deno.test("time says which of the two times an answer lacks, or what is no time", async () => {
  const rows: [Record<string, unknown>, string][] = [
    [{ remotetime }, "node 10.0.0.1: error parsing local time\n"],
    [{ localtime }, "node 10.0.0.1: error parsing remote time\n"],
    [
      { localtime: { seconds: "9999999999999" }, remotetime },
      "node 10.0.0.1: error parsing local time\n",
    ],
    [
      { localtime, remotetime: { nanos: -1 } },
      "node 10.0.0.1: error parsing remote time\n",
    ],
  ];
  for (const [message, stderr] of rows) {
    await using cluster = await startAnswering({
      "time.TimeService/Time": () => ({ messages: [{ server: "ntp", ...message }] }),
    });

    assert.deepEqual(await cluster.talosctl("time -n 10.0.0.1"), {
      code: 1,
      stdout: header,
      stderr,
    });
  }
});
