/** What a node is going through: its boots, and the one sequence that may run at a time (spec/machine-ops.md, 16.4). */

import type { SandboxClock } from "../clock.ts";
import type { SandboxNode } from "../node.ts";
import type { SequenceName, SequenceOptions } from "./phases.ts";
import { play, runAhead, type Script, type Timeline, type Wait } from "./script.ts";
import { runSequence, type SequenceRun, TaskFailure } from "./sequence.ts";
import { becomeReady, runTask, type TaskHooks } from "./tasks.ts";

/** What a lifecycle needs to know of the world. */
export interface LifecycleWorld {
  clock: SandboxClock;
  /** Aborts with the sandbox: nothing goes on after it. */
  signal: AbortSignal;
  hooks: TaskHooks;
  /** Gives the node its new boot: another boot id, no events, no services. */
  newBoot(at: Date): void;
}

/** Which sequences a running one gives way to; a shutdown and a rollback always may. */
const takenOverBy: Partial<Record<SequenceName, readonly SequenceName[]>> = {
  initialize: ["maintenanceUpgrade", "reboot"],
  boot: ["reboot", "reset", "upgrade"],
  reboot: ["reboot"],
  reset: ["reboot"],
};

/** How long a machine takes from its last word to the first of its next boot. */
const firmwareMs = 5000;
/** How long a machine waits before it reboots because of a failure. */
const failureMs = 10_000;

/** The lifecycle of one node. */
export class Lifecycle {
  readonly #node: SandboxNode;
  readonly #world: LifecycleWorld;
  #sequence: SequenceName | undefined;
  /** The script that is played. */
  #current: { stop: AbortController; ended: Promise<unknown> } | undefined;
  #change = Promise.withResolvers<void>();

  constructor(node: SandboxNode, world: LifecycleWorld) {
    this.#node = node;
    this.#world = world;
  }

  /** The sequence that runs. */
  get sequence(): SequenceName | undefined {
    return this.#sequence;
  }

  /** The boot that a fresh sandbox has behind it: all at once, as far as it comes without anybody's doing. */
  bootAtOnce(at: Date): void {
    const timeline = { at };
    const script = this.#boot(timeline);
    const waitsFor = runAhead(script);
    if (waitsFor !== undefined) this.#play(script, timeline, waitsFor);
  }

  /** The power button: a machine that is off boots. */
  powerOn(): void {
    if (this.#node.api.isUp || this.#sequence !== undefined) return;
    const timeline = { at: this.#world.clock.now() };
    this.#play(this.#nextBoot(timeline), timeline);
  }

  /**
   * Starts a sequence that a call asked for. One that may not run now is refused in an event, not in the answer.
   *
   * @param actorId A UUID; empty for a rollback, which always takes over.
   */
  start(name: SequenceName, actorId: string, options: SequenceOptions = {}): void {
    void this.#node.services; // the boot of a node that nobody has looked at yet comes first
    const isAlways = name === "shutdown" || actorId === "";
    const running = this.#sequence;
    if (running !== undefined && !isAlways && !takenOverBy[running]?.includes(name)) {
      return this.#refuse(name);
    }
    this.#sequence = name;
    const timeline = { at: this.#world.clock.now() };
    this.#play(this.#asked({ name, actorId, options, timeline }), timeline);
  }

  /** Tells a script that waits for something that the node has changed. */
  wake(): void {
    this.#change.resolve();
    this.#change = Promise.withResolvers<void>();
  }

  /** Does something after some time, unless `signal` aborts before, or the node has booted anew by then. */
  async later(delayMs: number, signal: AbortSignal, action: () => void): Promise<void> {
    const { clock, signal: end } = this.#world;
    const { bootId } = this.#node;
    const until = AbortSignal.any([end, signal]);
    await clock.until(new Date(clock.now().getTime() + delayMs), until);
    if (!until.aborted && this.#node.bootId === bootId) action();
  }

  #refuse(sequence: SequenceName): void {
    const error = { code: "LOCKED", message: "sequence not started: locked" } as const;
    const message = { sequence, action: "NOOP", error } as const;
    this.#node.events.publish(this.#world.clock.now(), { type: "SequenceEvent", message });
  }

  /** Plays a script from now on; the one before ends first, with what it publishes on its end. */
  #play(script: Script, timeline: Timeline, waitsFor?: Wait): void {
    const before = this.#current;
    const stop = new AbortController();
    const { clock, signal } = this.#world;
    before?.stop.abort();
    const playing = async () => {
      await before?.ended;
      const changed = (stopped: AbortSignal) => this.#changed(stopped);
      const until = AbortSignal.any([signal, stop.signal]);
      await play(script, { clock, timeline, signal: until, changed, waitsFor });
    };
    this.#current = { stop, ended: playing() };
  }

  /** A sequence of a node that is up, and what comes after it. */
  *#asked(run: Omit<SequenceRun, "node">): Script {
    const { platform, api } = this.#node;
    const { name, options, timeline } = run;
    try {
      yield* this.#run(run);
    } catch (error) {
      if (!(error instanceof TaskFailure)) throw error;
      yield failureMs;
      api.set(false);
      return yield* this.#nextBoot(timeline);
    }
    this.#sequence = undefined;
    const staysOff = name === "shutdown" ||
      name === "reset" && (options.reboot !== true || platform === "container");
    if (!staysOff) yield* this.#nextBoot(timeline);
  }

  *#nextBoot(timeline: Timeline): Script {
    this.#sequence = "initialize";
    yield firmwareMs;
    this.#world.newBoot(timeline.at);
    yield* this.#boot(timeline);
  }

  *#boot(timeline: Timeline): Script {
    const node = this.#node;
    const run = (name: SequenceName) => {
      this.#sequence = name;
      return this.#run({ name, actorId: "", options: {}, timeline });
    };
    yield* run("initialize");
    const message = { hostname: node.hostname, addresses: [...node.addresses] };
    node.events.publish(timeline.at, { type: "AddressEvent", message });
    yield* run("install");
    yield* run("boot");
    this.#sequence = undefined;
    yield* becomeReady({ node, timeline });
  }

  #run(run: Omit<SequenceRun, "node">): Script {
    const carryOut = (task: string, sequence: SequenceRun) =>
      runTask(task, sequence, this.#world.hooks);
    return runSequence({ ...run, node: this.#node }, carryOut);
  }

  async #changed(signal: AbortSignal): Promise<void> {
    const stopped = Promise.withResolvers<void>();
    const stop = () => stopped.resolve();
    signal.addEventListener("abort", stop, { once: true });
    await Promise.race([this.#change.promise, stopped.promise]);
    signal.removeEventListener("abort", stop);
  }
}
