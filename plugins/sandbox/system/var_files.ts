/** `/var` of a node: what is kept on its disk, above all logs of pods and data of etcd. */

import type { SandboxNode } from "../node.ts";
import { etcdDataOf } from "../etcd/node_data.ts";
import type { Entries, FileMaker } from "./file_maker.ts";
import { bytesContent, type FileContent, patternContent } from "./file_tree.ts";
import type { GrowingLog } from "./growing_log.ts";
import type { Pod } from "./pods.ts";

/** What is in `/var`. */
export function varFiles(node: SandboxNode, disk: FileMaker): Entries {
  const { directory, link } = disk;
  return {
    cache: directory({}),
    lib: directory(() => libFiles(node, disk)),
    local: directory({}),
    log: directory(() => logFiles(node, disk)),
    mnt: directory({}),
    run: link("/run"),
    tmp: directory({}, { permissions: 0o1777 }),
  };
}

/** The directory of a pod's logs, and of its containers' below. */
function podLogName({ namespace, name, uid }: Pod): string {
  return `${namespace}_${name}_${uid}`;
}

function libFiles(node: SandboxNode, { directory, file }: FileMaker): Entries {
  const secret = { permissions: 0o700 };
  const own = { permissions: 0o600 };
  const { isEmpty, upload } = etcdDataOf(node);
  const etcd = directory(
    isEmpty ? {} : {
      member: directory({
        snap: directory({ db: file(patternContent(25_165_824), own) }, secret),
        wal: directory({
          "0.tmp": file(patternContent(64_000_000), own),
          "0000000000000000-0000000000000000.wal": file(patternContent(64_000_000), own),
        }, secret),
      }, secret),
    },
    { ...secret, uid: 60, gid: 60 },
  );
  return {
    cni: directory({}),
    containerd: directory({ "io.containerd.content.v1.content": directory({}) }, secret),
    ...(node.services.has("etcd") ? { etcd } : {}),
    ...(upload === undefined ? {} : { "etcd.snapshot": file(bytesContent(upload), own) }),
    kubelet: directory({
      pods: directory(() =>
        Object.fromEntries(node.system.pods.map(({ uid }) => [uid, directory({})]))
      ),
      seccomp: directory({ profiles: directory({}) }),
    }, secret),
  };
}

function logFiles(node: SandboxNode, disk: FileMaker): Entries {
  const { directory, file, link } = disk;
  const everyContainer = node.system.pods.flatMap((pod) =>
    pod.containers.map((container) => ({ pod, container }))
  );
  return {
    audit: directory(
      node.services.has("etcd") ? { kube: directory({}, { permissions: 0o700 }) } : {},
    ),
    containers: directory(Object.fromEntries(everyContainer.map(({ pod, container }) => [
      `${pod.name}_${pod.namespace}_${container.name}-${container.id}.log`,
      link(`/var/log/pods/${podLogName(pod)}/${container.name}/${container.restartCount}.log`),
    ]))),
    pods: directory(Object.fromEntries(node.system.pods.map((pod) => [
      podLogName(pod),
      directory(Object.fromEntries(pod.containers.map((container) => [
        container.name,
        directory({
          [`${container.restartCount}.log`]: file(
            logContent(() => node.system.logs.ofContainer(container)),
            { permissions: 0o640 },
          ),
        }),
      ]))),
    ]))),
  };
}

/** A log as a file: as long as it is now. */
function logContent(log: () => GrowingLog<string>): FileContent {
  const bytes = () =>
    new TextEncoder().encode(log().snapshot().entries.map((line) => `${line}\n`).join(""));
  return {
    get statedBytes() {
      return bytes().length;
    },
    read: () => [bytes()],
  };
}
