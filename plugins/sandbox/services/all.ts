/** Every service the nodes answer: a new file of this folder gets a line here. */

import type { ServiceGroup } from "../service_group.ts";
import { cosiState } from "./cosi_state.ts";
import { imageList, machineImageList } from "./images.ts";
import { inspect } from "./inspect.ts";
import { machineCapture } from "./machine_capture.ts";
import { machineClientConfig } from "./machine_client_config.ts";
import { machineContainers } from "./machine_containers.ts";
import { machineEvents } from "./machine_events.ts";
import { machineFigures } from "./machine_figures.ts";
import { machineFiles } from "./machine_files.ts";
import { machineLogs } from "./machine_logs.ts";
import { machineProcesses } from "./machine_processes.ts";
import { machineServices } from "./machine_services.ts";
import { machineVersion } from "./machine_version.ts";
import { machineStorage, storageDisks } from "./storage.ts";
import { time } from "./time.ts";

/** Looked through in this order; a method stands in one of them. */
export const serviceGroups: readonly ServiceGroup[] = [
  machineVersion,
  machineServices,
  machineFiles,
  machineProcesses,
  machineFigures,
  machineContainers,
  machineLogs,
  machineEvents,
  machineCapture,
  machineImageList,
  imageList,
  machineStorage,
  storageDisks,
  time,
  inspect,
  machineClientConfig,
  cosiState,
];
