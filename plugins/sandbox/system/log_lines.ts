/** What the services of a node say, each in its own form (spec/machine-read.md, 28.4): at their start, and from then on. */

import type { SandboxNode } from "../node.ts";
import { servicePid } from "./processes.ts";

/** The lines of one log. */
export interface LogScript {
  /** Between two lines once it has started. */
  periodMs: number;
  /** The lines of the start. */
  start: readonly string[];
  /** What is said at a time, by its number. */
  line(at: Date, index: number): string;
}

/** The script of a log; undefined for a writer that says nothing. */
export function logScript(id: string, node: SandboxNode): LogScript | undefined {
  const at = node.bootedAt;
  const address = node.addresses[0] ?? "";
  switch (id) {
    case "machined":
      return {
        periodMs: 7000,
        start: [
          `${goStamp(at)} [talos] ${goSeconds(at)} phase machined (1/2): 3 tasks(s)`,
          `${goStamp(at)} [talos] ${goSeconds(at)} task startMachined (3/3): done, 12.4ms`,
          `${goStamp(at)} [talos] ${goSeconds(at)} initialize sequence: done: 1.62s`,
          `${goStamp(at)} [talos] ${goSeconds(at)} boot sequence: 9 phase(s)`,
        ],
        line: (at, index) =>
          `${goStamp(at)} machined ${goSeconds(at)} ${
            request("/machine.MachineService/ServiceList", index, servedToApid(node))
          }`,
      };
    case "apid":
    case "trustd":
      return {
        periodMs: id === "apid" ? 5000 : 30_000,
        start: [`${goStamp(at)} main.go:86: starting ${id} on :${id === "apid" ? 50_000 : 50_001}`],
        line: (at, index) =>
          `${goStamp(at)} log.go:118: ${
            request(
              id === "apid"
                ? "/cosi.resource.State/List"
                : "/securityapi.SecurityService/Certificate",
              index,
            )
          }`,
      };
    case "containerd":
    case "cri":
      return {
        periodMs: 20_000,
        start: [
          containerdLine(at, "starting containerd", "version=v2.2.5"),
          containerdLine(at, "containerd successfully booted in 0.041512s"),
        ],
        line: (at, index) => containerdLine(at, `shim connected: ${index}`, "namespace=k8s.io"),
      };
    case "etcd":
      return {
        periodMs: 10_000,
        start: [
          etcdLine(at, "embed/etcd.go:140", "configuring peer listeners"),
          etcdLine(at, "etcdserver/server.go:640", `started as single-node; local: ${address}`),
          etcdLine(at, "embed/serve.go:210", "ready to serve client requests"),
        ],
        line: (at, index) =>
          etcdLine(at, "mvcc/hash.go:151", `storing new hash: ${1000 + index * 17}`),
      };
    case "kubelet":
      return {
        periodMs: 8000,
        start: [
          klogLine(at, "server.go:525", '"Kubelet version" kubeletVersion="v1.37.0-rc.1"'),
          klogLine(
            at,
            "kubelet_node_status.go:78",
            `"Successfully registered node" node="${node.hostname}"`,
          ),
        ],
        line: (at, index) =>
          klogLine(at, "pod_startup_latency_tracker.go:104", `"Observed pod" count=${index}`),
      };
    case "udevd":
      return {
        periodMs: 600_000,
        start: ["Starting systemd-udevd version 258.1", "Network interface NamePolicy= disabled."],
        line: (_at, index) => `device-monitor: event ${index} processed`,
      };
    case "controller-runtime":
      return {
        periodMs: 12_000,
        start: [
          zapLine(at, "INFO", "controller runtime started"),
          zapLine(at, "DEBUG", "assigned address", {
            controller: "network.AddressSpecController",
            address: `${address}/24`,
            link: "eth0",
          }),
          zapLine(at, "DEBUG", "generated new certificates", {
            controller: "secrets.APIController",
          }),
        ],
        line: (at, index) =>
          zapLine(at, "DEBUG", "reconcile succeeded", {
            controller: "time.SyncController",
            count: String(index),
          }),
      };
    case "dns-resolve-cache":
      return {
        periodMs: 60_000,
        start: [zapLine(at, "INFO", "dns server starting", { address: "127.0.0.53:53" })],
        line: (at, index) => zapLine(at, "DEBUG", "dns response", { id: String(40_000 + index) }),
      };
    case "early-startup":
      return {
        periodMs: 3_600_000,
        start: [zapLine(at, "INFO", "starting machined")],
        line: (at) => zapLine(at, "DEBUG", "still here"),
      };
    default:
      return undefined;
  }
}

/** A line of a container as the CRI keeps it. */
export function criLine(at: Date, text: string): string {
  return `${at.toISOString().replace("Z", "000000Z")} stderr F ${text}`;
}

/** `I1121 10:25:20.000000       1 main.go:1] text` */
export function klogLine(at: Date, source: string, text: string): string {
  const [, month = "", day = "", time = ""] = at.toISOString().match(/^\d+-(\d+)-(\d+)T(.{12})/) ??
    [];
  return `I${month}${day} ${time}000       1 ${source}] ${text}`;
}

/** A call as the servers of Talos note it; `authorization` is the part about who may, where there is one. */
function request(method: string, index: number, authorization = ""): string {
  const durationUs = `${61 + (index * 7919) % 900}.${(index * 31) % 10}`.replace(/\.0$/, "");
  const kind = method.endsWith("List") && !method.endsWith("ServiceList") ? "stream" : "unary";
  return `OK [${method}] ${durationUs}µs ${kind} Success ${authorization}` +
    "(:authority=localhost;content-type=application/grpc+proxy>proto;" +
    "grpc-accept-encoding=gzip,gzip;peer=@;runtime=Talos;talos-role=os:admin;" +
    "user-agent=grpc-go/1.83.0)";
}

/** Why machined answers: it is asked by apid, for an administrator. */
function servedToApid(node: SandboxNode): string {
  const apid = node.services.get("apid");
  const pid = apid === undefined ? undefined : servicePid(apid);
  return `{authorized based on PID (${pid}) match with service "apid" ` +
    `(allowed roles [${apidRoles}]); authorized ([os:admin os:operator os:reader] includes [os:admin])} `;
}

const apidRoles = "os:admin os:etcd:backup os:image:verifier os:impersonator os:meta:writer " +
  "os:operator os:reader";

function containerdLine(at: Date, message: string, rest = ""): string {
  const time = at.toISOString().replace("Z", "000000Z");
  return `time="${time}" level=info msg="${message}"${rest === "" ? "" : ` ${rest}`}`;
}

function etcdLine(at: Date, caller: string, msg: string): string {
  const ts = at.toISOString().replace("Z", "000Z");
  return JSON.stringify({ level: "info", ts, caller, msg });
}

function zapLine(
  at: Date,
  level: "DEBUG" | "INFO",
  text: string,
  fields: Readonly<Record<string, string>> = {},
): string {
  const colour = level === "DEBUG" ? 35 : 34;
  const all = { component: "controller-runtime", ...fields };
  const json = Object.entries(all).map(([key, value]) => `"${key}": "${value}"`).join(", ");
  return `${at.toISOString()} \x1b[${colour}m${level}\x1b[0m ${text} {${json}}`;
}

function goStamp(at: Date): string {
  return `${goSeconds(at)}.${String(at.getUTCMilliseconds()).padStart(3, "0")}000`;
}

function goSeconds(at: Date): string {
  return at.toISOString().slice(0, 19).replaceAll("-", "/").replace("T", " ");
}
