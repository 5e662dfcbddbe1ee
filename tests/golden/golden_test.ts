/** Every recorded case of the folders here, each a test of the real process. */

import assert from "node:assert/strict";
import { runCase } from "./case.ts";

const here = new URL(".", import.meta.url).pathname;

for (const group of ["config", "frame", "machine_config"]) {
  for (const { name, isDirectory } of Deno.readDirSync(here + group)) {
    if (!isDirectory) continue;
    Deno.test(`golden ${group}: ${name}`, async () => {
      assert.deepEqual(await runCase(`${here}${group}/${name}`), []);
    });
  }
}
