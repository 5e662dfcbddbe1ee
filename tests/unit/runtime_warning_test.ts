/** Which runtimes a command that waits for long warns of. */

import assert from "node:assert/strict";
import { runtimeWarning } from "../../cli/runtime_warning.ts";

Deno.test("a command that waits for long warns of runtimes that abort on GOAWAY, and names one that does not", () => {
  for (const version of ["2.7.14", "2.8.3", "2.9.0", "2.9.2", "2.9.3"]) {
    assert.equal(runtimeWarning(version), undefined, version);
  }
  for (const version of ["2.9.4", "2.9.6", "2.9.8", "2.10.0"]) {
    assert.equal(
      runtimeWarning(version),
      `WARNING: Deno ${version} may abort when a node restarts while this command waits, use Deno 2.9.3`,
    );
  }
});
