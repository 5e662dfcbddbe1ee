/** The entry of the program: the only place that knows the process's arguments and ends it. */

import { processHost } from "./host.ts";
import { run } from "./run.ts";

Deno.exit(await run(Deno.args, processHost(import.meta.url)));
