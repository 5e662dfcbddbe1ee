/** Every service the nodes answer: a new file of this folder gets a line here. */

import type { ServiceGroup } from "../service_group.ts";
import { cosiState } from "./cosi_state.ts";
import { machineClientConfig } from "./machine_client_config.ts";
import { machineFiles } from "./machine_files.ts";
import { machineServices } from "./machine_services.ts";
import { machineVersion } from "./machine_version.ts";

/** Looked through in this order; a method stands in one of them. */
export const serviceGroups: readonly ServiceGroup[] = [
  machineVersion,
  machineServices,
  machineFiles,
  machineClientConfig,
  cosiState,
];
