/** The simulated etcd: who is a member when, from the first bootstrap to a recovery. */

import assert from "node:assert/strict";
import { startSandbox } from "../../mod.ts";
import { stopService } from "../../plugins/sandbox/changes.ts";
import { etcdOf } from "../../plugins/sandbox/etcd/etcd_cluster.ts";

Deno.test("control planes of a new cluster wait until one of them is bootstrapped", async () => {
  await using sandbox = await startSandbox({ controlPlanes: 0, maintenance: 3, seed: 1 });
  const etcd = etcdOf(sandbox);
  const [first, ...others] = sandbox.nodes;
  assert.ok(first);

  assert.deepEqual(sandbox.nodes.map((node) => etcd.join(node)), [false, false, false]);
  assert.deepEqual([etcd.members.length, etcd.hasData(first)], [0, false]);
  const joining = etcd.bootstrap(first);

  assert.deepEqual(joining, others);
  assert.deepEqual(etcd.members.map(({ node }) => node), sandbox.nodes);
  assert.deepEqual(sandbox.nodes.map((node) => etcd.hasData(node)), [true, true, true]);
});

Deno.test("a node that left and joins again is another member, at first a learner", async () => {
  await using sandbox = await startSandbox({ controlPlanes: 3, seed: 1 });
  const etcd = etcdOf(sandbox);
  const [, node] = sandbox.nodes;
  assert.ok(node);
  const before = etcd.memberOf(node)?.id;

  assert.equal(etcd.leave(node), undefined);
  assert.equal(etcd.leave(node), "etcdserver: member not found");
  assert.equal(etcd.join(node), true);

  const member = etcd.memberOf(node);
  assert.ok(member);
  assert.notEqual(member.id, before);
  assert.equal(etcd.status(member).isLearner, true);
  sandbox.clock.advance(2000);
  assert.equal(etcd.status(member).isLearner, false);
});

Deno.test("another member leads when the leader's etcd is stopped, in the next term", async () => {
  await using sandbox = await startSandbox({ controlPlanes: 3, seed: 1 });
  const etcd = etcdOf(sandbox);
  const [node] = sandbox.nodes;
  const leader = etcd.leader();
  assert.ok(node && leader?.node === node);
  const { raftTerm } = etcd.status(leader);

  stopService(node, "etcd", { at: sandbox.clock.now() });

  assert.notEqual(etcd.leader(), leader);
  assert.equal(etcd.answersAt(node), false);
  assert.equal(etcd.status(leader).raftTerm, raftTerm + 1);
});

Deno.test("the raft log grows with the clock", async () => {
  await using sandbox = await startSandbox({ seed: 1 });
  const etcd = etcdOf(sandbox);
  const [member] = etcd.members;
  assert.ok(member);
  const before = etcd.status(member).raftIndex;

  sandbox.clock.advance(60_000);

  assert.ok(etcd.status(member).raftIndex > before);
});

Deno.test("a cluster whose data are all lost takes nobody in until it is bootstrapped", async () => {
  await using sandbox = await startSandbox({ controlPlanes: 2, seed: 1 });
  const etcd = etcdOf(sandbox);
  const [first, second] = sandbox.nodes;
  assert.ok(first && second);

  for (const node of sandbox.nodes) etcd.removed(node);

  assert.equal(etcd.leader(), undefined);
  assert.equal(etcd.join(second), false);
  assert.deepEqual(etcd.bootstrap(first), [second]);
});
