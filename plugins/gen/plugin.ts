/** The `gen` command group: keys, certificates and secrets, made on this machine. */

import type { Plugin } from "../../core/plugin.ts";
import { ca } from "./ca.ts";
import { config } from "./config.ts";
import { crt } from "./crt.ts";
import { csr } from "./csr.ts";
import { group } from "./group.ts";
import { key } from "./key.ts";
import { keypair } from "./keypair.ts";
import { secrets } from "./secrets.ts";
import { database } from "./secureboot/database.ts";
import { group as secureboot } from "./secureboot/group.ts";
import { pcr } from "./secureboot/pcr.ts";
import { uki } from "./secureboot/uki.ts";

export default {
  name: "gen",
  apiVersion: 1,
  register(registry) {
    registry.command(group);
    registry.command(ca);
    registry.command(config);
    registry.command(crt);
    registry.command(csr);
    registry.command(key);
    registry.command(keypair);
    registry.command(secrets);
    registry.command(secureboot);
    registry.command(database);
    registry.command(pcr);
    registry.command(uki);
  },
} satisfies Plugin;
