/** Which file is the talosconfig: flag, variables, and the places tried in turn. */

import assert from "node:assert/strict";
import { findTalosconfig } from "../../core/talosconfig/lookup.ts";

interface Case {
  says: string;
  flag?: string;
  env: Record<string, string>;
  files?: string[];
  path: string;
}

/** Paths begin in a temporary folder where they begin with `/`. */
const cases: Case[] = [
  { says: "the flag beats all", flag: "/f", env: { TALOSCONFIG: "/t", HOME: "/h" }, path: "/f" },
  {
    says: "TALOSCONFIG wins though it does not exist and others do",
    env: { TALOSCONFIG: "/t", XDG_CONFIG_HOME: "/x", HOME: "/h" },
    files: ["/x/talos/config.yaml", "/h/.talos/config"],
    path: "/t",
  },
  {
    says: "an empty TALOSCONFIG is as good as none",
    env: { TALOSCONFIG: "", HOME: "/h" },
    path: "/h/.talos/config",
  },
  {
    says: "XDG_CONFIG_HOME is the first place where it is set",
    env: { XDG_CONFIG_HOME: "/x", HOME: "/h" },
    files: ["/x/talos/config.yaml", "/h/.talos/config"],
    path: "/x/talos/config.yaml",
  },
  {
    says: "an absent XDG file gives way to an existing one below HOME",
    env: { XDG_CONFIG_HOME: "/x", HOME: "/h" },
    files: ["/h/.talos/config"],
    path: "/h/.talos/config",
  },
  {
    says: "an absent XDG file gives way to an existing one in TALOS_HOME",
    env: { XDG_CONFIG_HOME: "/x", TALOS_HOME: "/th", HOME: "/h" },
    files: ["/th/config", "/h/.talos/config"],
    path: "/th/config",
  },
  {
    says: "where nothing exists, the XDG file is the one to create",
    env: { XDG_CONFIG_HOME: "/x", HOME: "/h" },
    path: "/x/talos/config.yaml",
  },
  {
    says: "without XDG_CONFIG_HOME it is the one below HOME",
    env: { HOME: "/h" },
    path: "/h/.talos/config",
  },
  {
    says: "TALOS_HOME replaces the folder below HOME",
    env: { TALOS_HOME: "/th", HOME: "/h" },
    files: ["/h/.talos/config"],
    path: "/th/config",
  },
];

for (const { says, flag = "", env, files = [], path } of cases) {
  Deno.test(`the talosconfig is looked up: ${says}`, async () => {
    const root = await Deno.makeTempDir();
    for (const file of files) {
      await Deno.mkdir(root + file.replace(/\/[^/]*$/, ""), { recursive: true });
      await Deno.writeTextFile(root + file, "{}");
    }

    const place = await findTalosconfig({
      flag: flag && root + flag,
      env: (name) => env[name] && root + env[name],
    });

    assert.deepEqual(place, { path: root + path, canWrite: true });
    await Deno.remove(root, { recursive: true });
  });
}

Deno.test("the talosconfig is looked up: a relative TALOS_HOME is ignored", async () => {
  const env = new Map([["TALOS_HOME", "relative"], ["HOME", "/nonexistent"]]);
  const { path } = await findTalosconfig({ flag: "", env: (name) => env.get(name) });
  assert.equal(path, "/nonexistent/.talos/config");
});

Deno.test("the talosconfig is looked up: a tilde stays as it is", async () => {
  const { path } = await findTalosconfig({ flag: "~/config", env: () => undefined });
  assert.equal(path, "~/config");
});

Deno.test("without a home and a named file, the talosconfig cannot be found", async () => {
  await assert.rejects(findTalosconfig({ flag: "", env: () => undefined }), {
    message: "$HOME is not defined",
  });
});
