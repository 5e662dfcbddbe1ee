/** Every service the nodes answer: a new file of this folder gets a line here. */

import type { ServiceGroup } from "../service_group.ts";
import { blockDeviceWipe } from "./block_device_wipe.ts";
import { cosiState } from "./cosi_state.ts";
import { debugContainer } from "./debug_container.ts";
import { images, machineImages } from "./images.ts";
import { inspect } from "./inspect.ts";
import { lifecycleService } from "./lifecycle_service.ts";
import { lvm } from "./lvm.ts";
import { machineApply } from "./machine_apply.ts";
import { machineBootstrap } from "./machine_bootstrap.ts";
import { machineCapture } from "./machine_capture.ts";
import { machineClientConfig } from "./machine_client_config.ts";
import { machineContainers } from "./machine_containers.ts";
import { machineEtcd } from "./machine_etcd.ts";
import { machineEvents } from "./machine_events.ts";
import { machineFigures } from "./machine_figures.ts";
import { machineFiles } from "./machine_files.ts";
import { machineKubeconfig } from "./machine_kubeconfig.ts";
import { machineLifecycle } from "./machine_lifecycle.ts";
import { machineLogs } from "./machine_logs.ts";
import { machineMeta } from "./machine_meta.ts";
import { machineProcesses } from "./machine_processes.ts";
import { machineServices } from "./machine_services.ts";
import { machineUpgrade } from "./machine_upgrade.ts";
import { machineVersion } from "./machine_version.ts";
import { md } from "./md.ts";
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
  machineLifecycle,
  machineUpgrade,
  lifecycleService,
  machineEvents,
  machineCapture,
  machineImages,
  images,
  machineStorage,
  storageDisks,
  blockDeviceWipe,
  lvm,
  md,
  machineApply,
  machineMeta,
  debugContainer,
  time,
  inspect,
  machineClientConfig,
  machineBootstrap,
  machineEtcd,
  machineKubeconfig,
  cosiState,
];
