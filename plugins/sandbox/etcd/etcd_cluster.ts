/** The etcd of a sandbox: members, leader and quorum, the database, alarms and downgrades; as of the moment when it is asked. */

import type { SandboxClock } from "../clock.ts";
import type { SandboxNode } from "../node.ts";
import { type DatabaseContent, pageBytes, pageCounts, revisionsIn } from "./database_pages.ts";
import { foundersOf } from "./founders.ts";
import { type EtcdMember, etcdMemberId, isThere, memberUrls, quorumOf } from "./members.ts";
import { etcdDataOf } from "./node_data.ts";

/** What etcd answers instead of doing what it was asked. */
export class EtcdError extends Error {}

/** The kinds of alarms. */
export type AlarmKind = "NOSPACE" | "CORRUPT";

/** What a member says of itself. */
export interface EtcdStatus {
  leader: EtcdMember | undefined;
  databaseBytes: number;
  usedBytes: number;
  raftIndex: number;
  raftTerm: number;
  isLearner: boolean;
}

/** The version of all members. */
export const etcdVersion = { protocol: "3.7.1", storage: "3.7.0", cluster: "3.7" };

/** A learner is made a voter when it has caught up. */
const learningMs = 2000;
const firstRaftIndex = 30;
const raftIndexEveryMs = 2000;
/** As long as the file that the nodes list. */
const defaultDatabaseBytes = 25_165_824;
/** Of the database, the part that is in use after some days. */
const usedShare = 5 / 6;

const unstarted = "etcdserver: re-configuration failed due to not enough started members";
const unhealthy = "etcdserver: unhealthy cluster";
const noAnswer = "etcdserver: request timed out";

/** See {@linkcode etcdOf}. */
export class EtcdCluster {
  /** The members that have raised an alarm. */
  readonly alarms: { member: EtcdMember; kind: AlarmKind }[] = [];
  /** What it is on its way down to. */
  downgradeTarget: string | undefined;
  readonly #clock: SandboxClock;
  readonly #startedAt: Date;
  #members: readonly EtcdMember[] = [];
  #joinCounts = new Map<SandboxNode, number>();
  /** Nodes whose etcd waits for a cluster to join. */
  readonly #waiting = new Set<SandboxNode>();
  #leader: EtcdMember | undefined;
  #term = 2;
  /** Entries of the raft log besides those that come with time. */
  #proposals = 0;
  #revisionCount = 0;
  /** The database of a recovery, in the place of one that is made up. */
  #restored: Uint8Array | undefined;

  constructor(clock: SandboxClock) {
    this.#clock = clock;
    this.#startedAt = clock.now();
    this.#members = foundersOf(clock).map((node) => this.#newMember(node, new Date(0)));
    this.databaseBytes = defaultDatabaseBytes;
  }

  /** Makes the database of every member so large, whole pages. */
  set databaseBytes(sizeBytes: number) {
    const pages = Math.floor(sizeBytes / pageBytes);
    this.#revisionCount = revisionsIn(Math.floor(pages * usedShare));
    const least = pageCounts(this.#content(0)).all;
    for (const member of this.#members) member.databasePages = Math.max(pages, least);
  }

  /** In order of joining. */
  get members(): readonly EtcdMember[] {
    return this.#members;
  }

  memberOf(node: SandboxNode): EtcdMember | undefined {
    return this.#members.find((member) => member.node === node);
  }

  /** Whether a node's own etcd answers. */
  answersAt(node: SandboxNode): boolean {
    const member = this.memberOf(node);
    return member !== undefined && isThere(member, this.#clock.now());
  }

  /** Who leads; another one as soon as the last is gone, and nobody without a quorum. */
  leader(): EtcdMember | undefined {
    const there = this.#voters().filter((member) => isThere(member, this.#clock.now()));
    if (there.length === 0 || there.length < quorumOf(this.#voters().length)) return undefined;
    if (this.#leader === undefined || !there.includes(this.#leader)) {
      if (this.#leader !== undefined) this.#term++;
      this.#leader = there[0];
    }
    return this.#leader;
  }

  /** What the member of a node says of itself. */
  status(member: EtcdMember): EtcdStatus {
    const leader = this.leader();
    const elapsedMs = this.#clock.now().getTime() - this.#startedAt.getTime();
    return {
      leader,
      databaseBytes: this.#restored?.length ?? member.databasePages * pageBytes,
      usedBytes: this.#restored?.length ?? pageCounts(this.#content(0)).all * pageBytes,
      raftIndex: firstRaftIndex + Math.floor(elapsedMs / raftIndexEveryMs) + this.#proposals,
      raftTerm: this.#term,
      isLearner: !this.#voters().includes(member),
    };
  }

  /** Gives the member's free pages back to its disk. */
  defragment(member: EtcdMember): void {
    member.databasePages = pageCounts(this.#content(0)).all;
  }

  /** The member's database: as it was restored, or the content of one to be made up. */
  database(member: EtcdMember): Uint8Array | DatabaseContent {
    const used = pageCounts(this.#content(0)).all;
    return this.#restored ?? this.#content(member.databasePages - used);
  }

  raiseAlarm(node: SandboxNode, kind: AlarmKind): void {
    const member = this.memberOf(node);
    if (member === undefined) throw new Error(`${node.name} is no member of etcd`);
    this.alarms.push({ member, kind });
  }

  /** Clears all alarms, and gives back which there were. */
  disarm(): readonly { member: EtcdMember; kind: AlarmKind }[] {
    this.#proposals++;
    return this.alarms.splice(0);
  }

  /** The leadership of `member` goes to another; undefined where it does not lead. */
  forfeit(member: EtcdMember): EtcdMember | undefined {
    const others = this.#voters().filter((other) =>
      other !== member && isThere(other, this.#clock.now())
    );
    const [next] = others;
    if (this.#members.length === 1 || next === undefined) {
      throw new EtcdError("cannot forfeit leadership, only one member");
    }
    if (this.leader() !== member) return undefined;
    this.#leader = next;
    this.#term++;
    return next;
  }

  /**
   * Takes a member out.
   *
   * @throws {EtcdError} where that would leave too few, as etcd's own strict check sees it.
   */
  remove(member: EtcdMember): void {
    const refusal = this.#removalRefusal(member);
    if (refusal !== undefined) throw new EtcdError(refusal);
    this.#members = this.#members.filter((other) => other !== member);
    this.#proposals++;
    for (let index = this.alarms.length - 1; index >= 0; index--) {
      if (this.alarms[index]?.member === member) this.alarms.splice(index, 1);
    }
    this.leader();
  }

  /** Takes a node out and empties its data directory. A text says why that cannot be. */
  leave(node: SandboxNode): string | undefined {
    const member = this.memberOf(node);
    if (member === undefined) return "etcdserver: member not found";
    try {
      this.remove(member);
    } catch (error) {
      if (error instanceof EtcdError) return error.message;
      throw error;
    }
    this.removed(node);
    return undefined;
  }

  /** A node's etcd wants to run: true when it is a member, false while it has to wait for a cluster. */
  join(node: SandboxNode): boolean {
    const data = etcdDataOf(node);
    const member = this.memberOf(node);
    if (member !== undefined && !data.isEmpty) return true;
    data.isEmpty = true;
    this.#waiting.add(node);
    if (this.leader() === undefined) return false;
    this.#add(node);
    return true;
  }

  /** The data directory of a node was emptied; what its cluster knows of it stays. */
  removed(node: SandboxNode): void {
    etcdDataOf(node).isEmpty = true;
    this.#waiting.delete(node);
  }

  /** Whether a node has data of etcd, which keeps it from being bootstrapped. */
  hasData(node: SandboxNode): boolean {
    return this.#joinCounts.has(node) && !etcdDataOf(node).isEmpty;
  }

  /**
   * Begins a cluster anew with one node, from a database if one is given. Those who wait to join are members from then
   * on, and given back.
   */
  bootstrap(node: SandboxNode, database?: Uint8Array): readonly SandboxNode[] {
    this.#members = [];
    this.#leader = undefined;
    this.#restored = database;
    this.alarms.length = 0;
    this.#waiting.delete(node);
    this.#members = [this.#newMember(node, new Date(0))];
    this.#leader = this.#members[0];
    const waiting = [...this.#waiting];
    for (const other of waiting) this.#add(other);
    return waiting;
  }

  #voters(): readonly EtcdMember[] {
    const now = this.#clock.now();
    return this.#members.filter(({ votesFrom }) => votesFrom <= now);
  }

  #add(node: SandboxNode): void {
    const votesFrom = new Date(this.#clock.now().getTime() + learningMs);
    const others = this.#members.filter((member) => member.node !== node);
    this.#members = [...others, this.#newMember(node, votesFrom)];
    this.#proposals += 2;
  }

  #newMember(node: SandboxNode, votesFrom: Date): EtcdMember {
    const joinCount = this.#joinCounts.get(node) ?? 0;
    this.#joinCounts.set(node, joinCount + 1);
    this.#waiting.delete(node);
    etcdDataOf(node).isEmpty = false;
    const databasePages = this.#revisionCount === 0 ? 0 : pageCounts(this.#content(0)).all;
    return { node, id: etcdMemberId(node, joinCount), votesFrom, databasePages };
  }

  #content(freePages: number): DatabaseContent {
    const members = new Map(this.#members.map((member) => {
      const { peerUrls: peerURLs, clientUrls: clientURLs } = memberUrls(member);
      const { hostname: name } = member.node;
      return [member.id, { peerURLs, name, clientURLs }];
    }));
    const raft = { raftIndex: firstRaftIndex + this.#proposals, raftTerm: this.#term };
    return { revisionCount: this.#revisionCount, freePages, members, ...raft };
  }

  /** Why a member may not be taken out: not the last voter, nor one whose absence would end the quorum. */
  #removalRefusal(member: EtcdMember): string | undefined {
    const voters = this.#voters();
    const now = this.#clock.now();
    if (!voters.includes(member)) return this.leader() === undefined ? noAnswer : undefined;
    if (voters.length === 1) return unstarted;
    const activeCount = voters.filter((voter) => isThere(voter, now)).length;
    if (isThere(member, now) && activeCount - 1 < quorumOf(voters.length - 1)) return unhealthy;
    return this.leader() === undefined ? noAnswer : undefined;
  }
}

const clusters = new WeakMap<SandboxClock, EtcdCluster>();

/** The etcd of a cluster, made when it is first asked for. */
export function etcdOf({ clock }: { clock: SandboxClock }): EtcdCluster {
  const known = clusters.get(clock);
  if (known !== undefined) return known;
  const created = new EtcdCluster(clock);
  clusters.set(clock, created);
  return created;
}
