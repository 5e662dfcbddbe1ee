/** Machine configurations on one's own machine: checked, patched and generated, against a bare start of the runtime. */

import { writeConfig } from "../../core/machine_config/encode.ts";
import { generateConfig } from "../../core/machine_config/generate/generate.ts";
import { goldenSecrets, goldenSecretsFile } from "../generated_configs.ts";
import { measure } from "./measure.ts";
import { type Bench, ours, print, printLine, ratio, script } from "./runs.ts";

const endpoint = "https://10.5.0.2:6443";
const patches = [
  "machine: {sysctls: {vm.max_map_count: '262144'}}",
  '{"apiVersion": "v1alpha1", "kind": "KubeNodeConfig", "labels": {"rack": "r1"}}',
  "apiVersion: v1alpha1\nkind: DummyLinkConfig\nname: dummy0",
];

/** `validate`, `machineconfig patch` and `gen config`, the last with and without a secrets file. */
export async function machineConfig(bench: Bench): Promise<void> {
  const { work } = bench;
  const [config, secrets] = [`${work}/controlplane.yaml`, `${work}/secrets.yaml`];
  await Deno.writeFile(secrets, goldenSecretsFile("gen-config-current"));
  await Deno.writeTextFile(config, await controlPlaneConfig());
  await Deno.writeTextFile(`${work}/empty.ts`, "");
  await Deno.writeTextFile(`${work}/rsa.ts`, rsaProgram);
  const bare = script(bench, "bare", [`${work}/empty.ts`]);
  const rsa = script(bench, "one RSA key of 4096 bits", [`${work}/rsa.ts`]);
  const program = (name: string, ...words: string[]) => ({
    ...ours(bench, "bundle", words),
    name: `${name} (bundle)`,
  });
  const generating = ["gen", "config", "demo", endpoint, "--force", "-o", `${work}/out`];
  const goals: [ReturnType<typeof program>, string][] = [
    [program("validate", "validate", "-c", config, "-m", "metal"), "wall at most 2.2"],
    [
      program("machineconfig patch", "mc", "patch", config, ...patches.flatMap((p) => ["-p", p])),
      "wall at most 2.2",
    ],
    [
      program("gen config --with-secrets", ...generating, "--with-secrets", secrets),
      "wall at most 3",
    ],
  ];
  const generate = program("gen config", ...generating);
  const subjects = [bare, ...goals.map(([subject]) => subject), generate, rsa];

  const figures = await measure(subjects, bench.rounds);

  const base = figures.get(bare.name);
  print(
    "machine configuration, against a bare start",
    goals.map(([{ name }, goals]) => ({ name, figure: figures.get(name), base, goals })),
  );
  const bareMs = base?.wallMs ?? NaN;
  const keyMs = (figures.get(rsa.name)?.wallMs ?? NaN) - bareMs;
  const allowed = 3 * bareMs + keyMs;
  printLine(
    generate.name,
    `time ${
      ratio(figures.get(generate.name)?.wallMs, allowed)
    } of three bare starts and one RSA key ` +
      "(at most 1; keys vary much: many rounds)",
  );
}

async function controlPlaneConfig(): Promise<string> {
  const secrets = await goldenSecrets("gen-config-current");
  const machineType = "controlplane";
  return writeConfig(generateConfig({ machineType, clusterName: "demo", endpoint, secrets }));
}

const rsaProgram = `await crypto.subtle.generateKey(
  {
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-512",
    modulusLength: 4096,
    publicExponent: new Uint8Array([1, 0, 1]),
  },
  true,
  ["sign", "verify"],
);
`;
