/** Problems of machine configurations as other programs get them: with the places where they are. */

import assert from "node:assert/strict";
import { validateMachineConfig } from "../../mod.ts";

/** Severity and place of each problem, and the beginning of its text. */
async function places(text: string): Promise<string[]> {
  const problems = await validateMachineConfig(text, { mode: "metal" });
  return problems.map(({ severity, line, column, document, text }) =>
    `${severity} ${line}:${column} ${document?.kind ?? "-"} ${text.split("\n", 1)[0]}`
  );
}

Deno.test("problems of a machine configuration name the line of the key or value that they are about", async () => {
  const text = `\
# a worker
machine:
    type: join
    ca:
        crt: YQ==
        key: YQ==
    network:
        interfaces:
            - interface: eth0
              addresses: [192.168.2.300/24]
cluster:
    controlPlane:
        endpoint: https://10.5.0.2:6443
---
apiVersion: v1alpha1
kind: VLANConfig
name: v
`;

  assert.deepEqual(await places(text), [
    "error 4:5  issuing Talos API CA key is not allowed on non-controlplane nodes (.machine.ca)",
    'error 9:15  [networking.os.device.addresses] "eth0": invalid CIDR address: 192.168.2.300/24',
    'warning 3:5  use "worker" instead of "join" for machine type',
    "error 15:1 VLANConfig vlanID must be specified and between 1 and 4094",
    "error 15:1 VLANConfig parent must be specified",
  ]);
});

Deno.test("a machine configuration that cannot be loaded has one problem, at the place that stops it", async () => {
  const cases: [string, string][] = [
    ["a: 1\n b: 2\n", "error 2:3 - decode error: go-yaml load error in scanner at L2.C3: "],
    [
      "machine:\n  type: worker\n  kubelet:\n    skipNodeRegistration: maybe\n",
      "error 4:1 - error decoding document /v1alpha1/ (line 1): ",
    ],
    [
      "\n\napiVersion: v1alpha1\nkind: Nope\n",
      "error 3:1 - error decoding document v1alpha1/Nope/ (line 3): ",
    ],
    ["", "error 1:1 - config not found"],
  ];
  for (const [text, beginning] of cases) {
    const [place = "", ...more] = await places(text);
    assert.equal(place.slice(0, beginning.length), beginning);
    assert.deepEqual(more, []);
  }
});

Deno.test("a problem far down in a large machine configuration is where it is in the whole text", async () => {
  const rules = Array.from({ length: 2000 }, (_, index) =>
    `---
apiVersion: v1alpha1
kind: StaticHostConfig
name: 10.0.${index >> 8}.${index & 255}
hostnames: [h${index}]
`);
  const text = `${rules.join("")}---\napiVersion: v1alpha1\nkind: DummyLinkConfig\n`;

  const lineCount = 2000 * 5;
  assert.deepEqual(await places(text), [
    `error ${lineCount + 2}:1 DummyLinkConfig name must be specified`,
  ]);
  assert.deepEqual(await places(`${text}name: [\n`), [
    `error ${lineCount + 5}:1 - decode error: go-yaml load error in parser ` +
    `(while parsing a flow node) at L${lineCount + 5}.C1: did not find expected node content`,
  ]);
  assert.deepEqual(await places(text + rules[0]), [
    `error ${lineCount + 5}:1 - duplicate document v1alpha1/StaticHostConfig/10.0.0.0 is not ` +
    `allowed (line ${lineCount + 5})`,
  ]);
});
