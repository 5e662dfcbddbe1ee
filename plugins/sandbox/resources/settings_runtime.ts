/** What a configuration says of the system of a node: kernel, environment, logs, images. */

import type { SandboxNode } from "../node.ts";
import { configDocuments, valueAt } from "./config_documents.ts";
import { listOf, objectOf, type SettingsReader, textOf, textsOf } from "./settings_reader.ts";

/** What is not said is empty, or undefined. */
export interface RuntimeSettings {
  /** By the names of files, such as `proc.sys.net.core.somaxconn`. */
  kernelParameters: Readonly<Record<string, string>>;
  kernelModules: readonly { name: string; parameters: readonly string[] }[];
  environment: Readonly<Record<string, string>>;
  kernelLogUrls: readonly string[];
  eventSink: string | undefined;
  /** The timeout in Go's form. */
  watchdog: { device: string; timeout: string } | undefined;
  registries: RegistrySettings;
}

/** Where images come from. */
export interface RegistrySettings {
  mirrors: Readonly<Record<string, { endpoints: readonly object[]; skipFallback: boolean }>>;
  auths: Readonly<Record<string, object>>;
}

/** Reads them. */
export function runtimeSettings(node: SandboxNode, reader: SettingsReader): RuntimeSettings {
  const { text, map, items } = reader;
  const modules = [
    ...configDocuments(node, "KernelModuleConfig"),
    ...items("v1alpha1/machine.kernel.modules"),
  ];
  return {
    kernelParameters: {
      ...prefixed("proc.sys.", map("v1alpha1/machine.sysctls", "SysctlConfig/params")),
      ...prefixed("sys.", map("v1alpha1/machine.sysfs", "SysfsConfig/params")),
    },
    kernelModules: modules.map((module) => ({
      name: textOf(valueAt(module, "name")) ?? "",
      parameters: textsOf(valueAt(module, "parameters")) ?? [],
    })),
    environment: map("v1alpha1/machine.env", "EnvironmentConfig/variables"),
    kernelLogUrls: configDocuments(node, "KmsgLogConfig").flatMap((log) =>
      textOf(valueAt(log, "url")) ?? []
    ),
    eventSink: text("EventSinkConfig/endpoint"),
    watchdog: watchdog(node),
    registries: registries(node, reader),
  };
}

function prefixed(prefix: string, values: Readonly<Record<string, string>>) {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [prefix + key.replaceAll("/", "."), value]),
  );
}

function watchdog(node: SandboxNode): RuntimeSettings["watchdog"] {
  const [found] = configDocuments(node, "WatchdogTimerConfig");
  const device = textOf(valueAt(found, "device"));
  if (device === undefined) return undefined;
  return { device, timeout: textOf(valueAt(found, "timeout")) ?? "1m0s" };
}

function registries(node: SandboxNode, { any }: SettingsReader): RegistrySettings {
  const older = any("v1alpha1/machine.registries");
  const olderAuths = Object.entries(objectOf(valueAt(older, "config")))
    .flatMap(([name, each]) => {
      const auth = valueAt(each, "auth");
      return auth === undefined ? [] : [[name, auth] as const];
    });
  const named = (kind: string) =>
    configDocuments(node, kind).map((each) => [textOf(valueAt(each, "name")) ?? "", each] as const);
  const mirrors = [
    ...Object.entries(objectOf(valueAt(older, "mirrors"))),
    ...named("RegistryMirrorConfig"),
  ];
  const auths = [...olderAuths, ...named("RegistryAuthConfig")];
  return {
    mirrors: Object.fromEntries(mirrors.map(([name, mirror]) => [name, mirrorOf(mirror)])),
    auths: Object.fromEntries(auths.map(([name, auth]) => [name, authOf(auth)])),
  };
}

function mirrorOf(mirror: unknown) {
  const endpoints = listOf(valueAt(mirror, "endpoints")).map((endpoint) =>
    typeof endpoint === "string" ? { endpoint } : {
      endpoint: textOf(valueAt(endpoint, "url")) ?? "",
      overridePath: valueAt(endpoint, "overridePath") === true,
    }
  );
  return { endpoints, skipFallback: valueAt(mirror, "skipFallback") === true };
}

function authOf(given: unknown) {
  const { username, password, auth, identityToken } = objectOf(given);
  return { username, password, auth, identityToken };
}
