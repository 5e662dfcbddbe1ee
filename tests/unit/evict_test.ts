/** What draining asks of Kubernetes APIs of different ages, and what it makes of their answers (spec/machine-ops.md, 9.4). */

import assert from "node:assert/strict";
import { evictPods } from "../../core/drain/evict.ts";
import { CliError } from "../../core/errors.ts";
import {
  type KubernetesClient,
  KubernetesError,
  type KubernetesRequest,
} from "../../core/kubernetes/api_client.ts";

/** An API that answers as a test says; what has no answer is not there. */
function scripted(answers: Record<string, (request: KubernetesRequest) => unknown>) {
  const asked: { call: string; body: unknown }[] = [];
  const kubernetes: KubernetesClient = {
    request(path, request) {
      const call = `${request.method ?? "GET"} ${path}`;
      asked.push({ call, body: request.body });
      const answer = answers[call] ?? (() => {
        throw new KubernetesError(404, "not found");
      });
      return Promise.try(() => answer(request));
    },
    [Symbol.dispose]: () => {},
  };
  return { kubernetes, asked };
}

async function evict(kubernetes: KubernetesClient) {
  const shown: string[] = [];
  const options = {
    kubernetes,
    nodeName: "worker-1",
    timeoutMs: 60_000,
    times: { retryMs: 1, lookMs: 1 },
    signal: new AbortController().signal,
    show: (text: string) => void shown.push(text),
  };
  try {
    await evictPods(options);
    return { shown, error: undefined };
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return { shown, error: error.message };
  }
}

const owner = (kind: string) => ({ ownerReferences: [{ kind, controller: true }] });
const pod = (name: string, more: object = {}) => ({
  metadata: { namespace: "default", name, uid: `uid of ${name}`, ...more },
});
const list = (...items: object[]) => () => ({ items });
const podsPath = "GET /api/v1/pods?fieldSelector=spec.nodeName%3Dworker-1";
const path = "/api/v1/namespaces/default/pods";
const policy = () => ({ groups: [{ name: "apps" }, { name: "policy" }] });
const resources = (version: string) => () => ({
  resources: [
    { name: "pods", kind: "Pod" },
    { name: "pods/eviction", kind: "Eviction", group: "policy", version },
  ],
});

for (const version of ["v1", "v1beta1"]) {
  Deno.test(`pods are evicted by policy/${version} where the cluster has it`, async () => {
    const { kubernetes, asked } = scripted({
      [podsPath]: list(pod("web-0")),
      "GET /apis": policy,
      "GET /api/v1": resources(version),
      [`POST ${path}/web-0/eviction`]: () => ({}),
    });

    const { shown, error } = await evict(kubernetes);

    assert.deepEqual({ shown, error }, {
      shown: ["evicting pod default/web-0", "evicted pod default/web-0"],
      error: undefined,
    });
    assert.deepEqual(asked.find(({ call }) => call.startsWith("POST"))?.body, {
      apiVersion: `policy/${version}`,
      kind: "Eviction",
      metadata: { name: "web-0", namespace: "default" },
    });
  });
}

/** Clusters without evictions. */
const withoutEvictions: [string, Record<string, () => unknown>][] = [
  ["no policies", { "GET /apis": () => ({ groups: [{ name: "apps" }] }) }],
  [
    "no evictions of pods",
    { "GET /apis": policy, "GET /api/v1": () => ({ resources: [{ name: "pods", kind: "Pod" }] }) },
  ],
];

for (const [what, answers] of withoutEvictions) {
  Deno.test(`pods are deleted where the cluster has ${what}`, async () => {
    const { kubernetes, asked } = scripted({
      [podsPath]: list(pod("web-0")),
      ...answers,
      [`DELETE ${path}/web-0`]: () => ({}),
    });

    const { shown, error } = await evict(kubernetes);

    assert.equal(error, undefined);
    assert.deepEqual(shown, ["deleting pod default/web-0", "deleted pod default/web-0"]);
    assert.equal(asked.at(-2)?.call, `DELETE ${path}/web-0`);
  });
}

Deno.test("all pods go but static ones and those of daemon sets, owned by anybody or nobody", async () => {
  const { kubernetes } = scripted({
    [podsPath]: list(
      pod("mirror", { annotations: { "kubernetes.io/config.mirror": "x" } }),
      pod("daemon", owner("DaemonSet")),
      pod("alone"),
      pod("replica", owner("ReplicaSet")),
      pod("job", owner("Job")),
    ),
    "GET /apis": () => ({}),
    ...Object.fromEntries(
      ["alone", "replica", "job"].map((name) => [`DELETE ${path}/${name}`, () => ({})]),
    ),
  });

  const { shown, error } = await evict(kubernetes);

  assert.equal(error, undefined);
  assert.deepEqual(shown.filter((text) => text.startsWith("deleted")).sort(), [
    "deleted pod default/alone",
    "deleted pod default/job",
    "deleted pod default/replica",
  ]);
});

Deno.test("a pod is waited for until it is gone, or another one has its name", async () => {
  let looks = 0;
  const { kubernetes, asked } = scripted({
    [podsPath]: list(pod("web-0")),
    "GET /apis": policy,
    "GET /api/v1": resources("v1"),
    [`POST ${path}/web-0/eviction`]: () => ({}),
    [`GET ${path}/web-0`]: () => ++looks < 3 ? pod("web-0") : pod("web-0", { uid: "another" }),
  });

  const { error } = await evict(kubernetes);

  assert.equal(error, undefined);
  assert.equal(asked.filter(({ call }) => call === `GET ${path}/web-0`).length, 3);
});

Deno.test("every pod that stays is named, several of them in brackets", async () => {
  const refuse = () => {
    throw new KubernetesError(403, "no");
  };
  const { kubernetes } = scripted({
    [podsPath]: list(pod("web-0"), pod("web-1"), pod("web-2"), pod("web-3")),
    "GET /apis": policy,
    "GET /api/v1": resources("v1"),
    [`POST ${path}/web-0/eviction`]: refuse,
    [`POST ${path}/web-1/eviction`]: refuse,
    [`POST ${path}/web-2/eviction`]: () => ({}),
    [`GET ${path}/web-3`]: refuse,
    [`POST ${path}/web-3/eviction`]: () => ({}),
  });

  const { shown, error } = await evict(kubernetes);

  assert.equal(
    error,
    '[error when evicting pods/"web-0" -n "default": no, ' +
      'error when evicting pods/"web-1" -n "default": no, ' +
      'error when waiting for pod "web-3" in namespace "default" to terminate: no]',
  );
  assert(shown.includes("evicted pod default/web-2"));
  assert(
    shown.includes(
      'failed to evict pod default/web-0: error when evicting pods/"web-0" -n "default": no',
    ),
  );
});

Deno.test("an empty node is drained without asking how", async () => {
  const { kubernetes, asked } = scripted({ [podsPath]: list() });

  const { shown, error } = await evict(kubernetes);

  assert.deepEqual({ shown, error, asked: asked.length }, {
    shown: [],
    error: undefined,
    asked: 1,
  });
});
