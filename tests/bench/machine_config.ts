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

/** Of a large configuration, in characters. */
const largeSize = 5_000_000;

/** `validate`, also of a large file, `machineconfig patch` and `gen config`, the last with and without a secrets file. */
export async function machineConfig(bench: Bench): Promise<void> {
  const { work } = bench;
  const [config, secrets] = [`${work}/controlplane.yaml`, `${work}/secrets.yaml`];
  const large = `${work}/large.yaml`;
  await Deno.writeFile(secrets, goldenSecretsFile("gen-config-current"));
  await Deno.writeTextFile(config, await controlPlaneConfig());
  await Deno.writeTextFile(large, await largeConfig());
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
  const validateLarge = program("validate, 5 MB", "validate", "-c", large, "-m", "metal");
  const subjects = [bare, ...goals.map(([subject]) => subject), validateLarge, generate, rsa];

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
  const [small, big] = [goals[0]?.[0].name ?? "", validateLarge.name]
    .map((name) => figures.get(name)?.peakBytes ?? NaN);
  printLine(
    validateLarge.name,
    `peak memory above that of a small file: ${ratio((big ?? NaN) - (small ?? NaN), largeSize)} ` +
      "of the file's size (at most 6)",
  );
}

async function controlPlaneConfig(): Promise<string> {
  const secrets = await goldenSecrets("gen-config-current");
  const machineType = "controlplane";
  return writeConfig(generateConfig({ machineType, clusterName: "demo", endpoint, secrets }));
}

/** The same with many small documents. */
async function largeConfig(): Promise<string> {
  const documents = [await controlPlaneConfig()];
  for (let size = documents.join().length; size < largeSize;) {
    const index = documents.length;
    const document = `apiVersion: v1alpha1
kind: DummyLinkConfig
name: dummy${index}
hardwareAddr: 2e:3c:4d:5e:6f:70
mtu: 1400
addresses:
  - address: 10.${index >> 8 & 255}.${index & 255}.1/24
routes:
  - gateway: 10.0.0.1
    metric: 100
`;
    documents.push(document);
    size += document.length + "---\n".length;
  }
  return documents.join("---\n");
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
