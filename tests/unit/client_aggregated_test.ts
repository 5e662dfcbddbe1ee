/** Answers of servers that aggregate: what is taken apart, and what is left as it is. */

import assert from "node:assert/strict";
import { splitAggregated } from "../../core/client/aggregated.ts";

const failed = (hostname: string) => ({
  metadata: { hostname, error: "rpc error: …", status: { code: 14, message: "gone" } },
});
const good = { metadata: { hostname: "10.5.0.2" }, version: { tag: "v1" } };

Deno.test("an aggregated answer keeps its good messages, and its failures become one error", () => {
  const { value, error } = splitAggregated("machine.MachineService", {
    messages: [failed("10.5.0.7"), good, { metadata: { hostname: "10.5.0.8", error: "plain" } }],
  });

  assert.deepEqual(value, { messages: [good] });
  assert.equal(
    error?.message,
    "2 errors occurred:\n" +
      "\t* 10.5.0.7: rpc error: code = Unavailable desc = gone\n" +
      "\t* 10.5.0.8: plain\n\n",
  );
});

Deno.test("an aggregated answer of failures alone is no answer", () => {
  const { value, error } = splitAggregated("time.TimeService", { messages: [failed("10.5.0.7")] });

  assert.equal(value, undefined);
  assert.match(error?.message ?? "", /^1 error occurred:\n/);
});

Deno.test("answers of newer services are left as they are", () => {
  const answer = { messages: [failed("10.5.0.7")] };

  assert.deepEqual(splitAggregated("machine.ImageService", answer), { value: answer });
});
