/** MachineService: etcd of the control plane (spec/machine-ops.md, 15 and 16.6). */

import { RpcError } from "../../../core/errors.ts";
import { stopService } from "../changes.ts";
import { requireControlPlane } from "../control_plane_only.ts";
import {
  type AlarmKind,
  EtcdCluster,
  EtcdError,
  etcdOf,
  etcdVersion,
} from "../etcd/etcd_cluster.ts";
import { checkDowngradeVersion } from "../etcd/downgrade_version.ts";
import { decimalId, type EtcdMember, memberUrls } from "../etcd/members.ts";
import { type HandlerContext, implement } from "../service_group.ts";
import { inPieces } from "../system/file_tree.ts";

/** How long a node tries to leave an unhealthy cluster. */
const leaveTimeoutMs = 5 * 60_000;
const askAgainMs = 1000;
/** Talos streams in pieces of this length (spec/machine-read.md, 28.5). */
const pieceBytes = 1024;

export const machineEtcd = implement("machine.MachineService", {
  etcdMemberList: async ({ queryLocal }, context) => {
    requireControlPlane(context.node, "member list");
    const etcd = etcdOf(context.cluster);
    const isAnswered = () =>
      etcd.leader() !== undefined && (!queryLocal || etcd.answersAt(context.node));
    await until(isAnswered, context);
    const members = etcd.members.toSorted((one, other) => one.id < other.id ? -1 : 1);
    return {
      messages: [{
        legacyMembers: members.map(({ node }) => node.hostname),
        members: members.map((member) => ({
          id: decimalId(member.id),
          hostname: member.node.hostname,
          ...memberUrls(member),
          isLearner: etcd.status(member).isLearner,
        })),
      }],
    };
  },

  etcdRemoveMemberByID: async ({ memberId }, context) => {
    requireControlPlane(context.node, "etcd remove member");
    const etcd = etcdOf(context.cluster);
    const member = etcd.members.find(({ id }) => decimalId(id) === memberId);
    if (member === undefined) {
      const text = `failed to remove member ${memberId}: etcdserver: member not found`;
      throw new RpcError("NotFound", text);
    }
    await withStatus("failed to remove member", () => etcd.remove(member));
    return { messages: [{}] };
  },

  etcdLeaveCluster: async (_request, context) => {
    const { cluster: { clock }, node } = context;
    requireControlPlane(node, "etcd leave");
    const etcd = etcdOf(context.cluster);
    const deadline = clock.now().getTime() + leaveTimeoutMs;
    let refusal = etcd.leave(node);
    while (refusal?.endsWith("unhealthy cluster") && clock.now().getTime() < deadline) {
      await pause(context);
      refusal = etcd.leave(node);
    }
    if (refusal !== undefined) {
      throw new RpcError("Unknown", `failed to leave cluster: ${refusal}`);
    }
    stopService(node, "etcd", { at: clock.now() });
    return { messages: [{}] };
  },

  etcdForfeitLeadership: async (_request, context) => {
    const { etcd, member } = await ownMember(context, "etcd forfeit leadership");
    const next = await withStatus("failed to forfeit leadership", () => etcd.forfeit(member));
    return { messages: [{ member: next?.node.hostname ?? "" }] };
  },

  etcdSnapshot: async function* (_request, context) {
    const { etcd, member } = await ownMember(context, "etcd snapshot");
    const { snapshotBlocks } = await import("../etcd/snapshot_blocks.ts");
    const blocks = snapshotBlocks(etcd.database(member));
    for (const bytes of inPieces(blocks, pieceBytes)) yield { bytes };
  },

  etcdAlarmList: async (_request, context) => {
    const { etcd } = await ownMember(context, "etcd alarm list");
    return { messages: [{ memberAlarms: etcd.alarms.map(alarmMessage) }] };
  },

  etcdAlarmDisarm: async (_request, context) => {
    const { etcd } = await ownMember(context, "etcd alarm disarm");
    return { messages: [{ memberAlarms: etcd.disarm().map(alarmMessage) }] };
  },

  etcdDefragment: async (_request, context) => {
    const { etcd, member } = await ownMember(context, "etcd defragment");
    etcd.defragment(member);
    return { messages: [{}] };
  },

  etcdStatus: async (_request, context) => {
    const { etcd, member } = await ownMember(context, "etcd status");
    const status = etcd.status(member);
    const leaderErrors = status.leader === undefined ? ["etcdserver: no leader"] : [];
    const alarms = etcd.alarms.map(({ member: { id }, kind }) =>
      `memberID:${decimalId(id)} alarm:${kind} `
    );
    return {
      messages: [{
        memberStatus: {
          memberId: decimalId(member.id),
          protocolVersion: etcdVersion.protocol,
          storageVersion: etcdVersion.storage,
          dbSize: String(status.databaseBytes),
          dbSizeInUse: String(status.usedBytes),
          leader: status.leader === undefined ? "0" : decimalId(status.leader.id),
          raftIndex: String(status.raftIndex),
          raftTerm: String(status.raftTerm),
          raftAppliedIndex: String(status.raftIndex),
          errors: [...leaderErrors, ...alarms],
          isLearner: status.isLearner,
        },
      }],
    };
  },

  etcdDowngradeValidate: async ({ version }, context) => {
    requireControlPlane(context.node, "etcd downgrade validate");
    const target = checkDowngradeVersion(version);
    const { etcd } = await ownMember(context, "etcd downgrade validate");
    await withStatus("failed to query etcd status", () => checkTarget(etcd, target));
    return { messages: [{ clusterDowngrade: { clusterVersion: etcdVersion.cluster } }] };
  },

  etcdDowngradeEnable: async ({ version }, context) => {
    requireControlPlane(context.node, "etcd downgrade enable");
    const target = checkDowngradeVersion(version);
    const { etcd } = await ownMember(context, "etcd downgrade enable");
    await withStatus("failed to query etcd status", () => checkTarget(etcd, target));
    etcd.downgradeTarget = target;
    return { messages: [{ clusterDowngrade: { clusterVersion: etcdVersion.cluster } }] };
  },

  etcdDowngradeCancel: async (_request, context) => {
    const { etcd } = await ownMember(context, "etcd downgrade cancel");
    etcd.downgradeTarget = undefined;
    return { messages: [{ clusterDowngrade: { clusterVersion: etcdVersion.cluster } }] };
  },
});

/** The minor version just below the cluster's, and one downgrade at a time. */
function checkTarget(etcd: EtcdCluster, target: string): void {
  const [major, minor] = etcdVersion.cluster.split(".").map(Number);
  if (target !== `${major}.${(minor ?? 0) - 1}`) {
    throw new EtcdError("etcdserver: invalid downgrade target version");
  }
  if (etcd.downgradeTarget !== undefined) {
    throw new EtcdError("etcdserver: cluster has a downgrade job in progress");
  }
}

/** The member of the node that is asked, once its etcd answers: nobody says when that will be. */
async function ownMember(
  context: HandlerContext,
  what: string,
): Promise<{ etcd: EtcdCluster; member: EtcdMember }> {
  requireControlPlane(context.node, what);
  const etcd = etcdOf(context.cluster);
  await until(() => etcd.answersAt(context.node), context);
  const member = etcd.memberOf(context.node);
  if (member === undefined) throw new Error(`${context.node.name} answers without being a member`);
  return { etcd, member };
}

async function until(condition: () => boolean, context: HandlerContext): Promise<void> {
  while (!condition()) await pause(context);
}

async function pause({ cluster: { clock }, signal }: HandlerContext): Promise<void> {
  await clock.until(new Date(clock.now().getTime() + askAgainMs), signal);
  if (signal.aborted) throw new RpcError("Canceled", "context canceled");
}

/** What etcd refuses, in the words of Talos. */
async function withStatus<T>(prefix: string, action: () => T): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof EtcdError)) throw error;
    throw new RpcError("Unknown", `${prefix}: ${error.message}`, { cause: error });
  }
}

function alarmMessage({ member, kind }: { member: EtcdMember; kind: AlarmKind }) {
  return { memberId: decimalId(member.id), alarm: kind };
}
