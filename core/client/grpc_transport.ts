/** The transport over grpc-js: one channel for one dialled address, whose sockets are ours to verify and to end. */

import type * as Grpc from "@grpc/grpc-js";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { connectError, type ConnectStage, dialReason, tlsReason } from "./go_errors.ts";
import { callOverGrpc } from "./grpc_call.ts";
import { channelCredentials, registerAddressResolver } from "./grpc_hooks.ts";
import { deliverMessagesFirst } from "./grpc_status.ts";
import { type SendRoom, watchSendRoom } from "./send_room.ts";
import type { Transport } from "./transport.ts";

/** One connection to make. */
export interface GrpcConnection {
  /** Where TCP goes: one address of the endpoint, or the proxy. */
  address: { host: string; port: number };
  /** That address as errors name it. */
  addressText: string;
  /** What requests are addressed to. */
  authority: string;
  /** Turns the TCP socket into a verified TLS one; failures are ready `RpcError`s. */
  secure: (socket: Socket, signal: AbortSignal) => Promise<TLSSocket>;
  /** The attempt fails after this, whatever it waits for. */
  timeoutMs: number;
  /** Pings while calls run, to find a frozen server; default none. */
  keepalive?: { intervalMs: number; timeoutMs: number } | undefined;
}

/** The largest message taken from a server (spec/client.md, 3.7). */
const maxReceiveBytes = 33_554_432;
/** Measured: with the default of 64 KiB a log of 146 MB takes 3.2 s instead of 1.9 s. */
const flowControlWindowBytes = 4 * 1024 * 1024;

/**
 * Connects; once the signal aborts everything is let go, a finished connection too.
 *
 * @throws {RpcError} `Unavailable` with the official text
 */
export async function connectGrpc(
  connection: GrpcConnection,
  signal: AbortSignal,
): Promise<Transport> {
  const grpc = await loadGrpc();
  const life = new AbortController();
  const end = () => life.abort();
  signal.addEventListener("abort", end, { once: true });
  if (signal.aborted) end();

  let stage: ConnectStage = "dial";
  let failure: Error | undefined;
  const { promise: sendRoom, resolve: hasRoom } = Promise.withResolvers<SendRoom>();
  const secure = async (socket: Socket) => {
    // A channel that has lost its connection would dial again by itself; that is decided elsewhere.
    if (stage !== "dial") throw new Error("connected once already");
    stage = "handshake";
    // The dial's signal stays with the socket and ends it by an error, which nobody else awaits.
    socket.on("error", () => {});
    try {
      const secured = await connection.secure(socket, life.signal);
      secured.on("error", (error) => failure ??= connectError("preface", tlsReason(error), error));
      stage = "preface";
      hasRoom(watchSendRoom(secured));
      return secured;
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
      throw error;
    }
  };

  registerAddressResolver(grpc);
  const channel = new grpc.Channel("talos:endpoint", channelCredentials(grpc, secure), {
    ...channelOptions(connection),
    "talos.address": { ...connection.address, signal: life.signal },
  });
  life.signal.addEventListener("abort", () => channel.close(), { once: true });

  const timer = setTimeout(() => {
    failure ??= timeoutError(stage, connection.addressText);
    end();
  }, connection.timeoutMs);
  try {
    if (!await isReady(grpc, channel, life.signal)) {
      if (signal.aborted) throw signal.reason;
      throw failure ?? await lastFailure(grpc, channel, stage, connection.addressText);
    }
  } catch (error) {
    end();
    throw error;
  } finally {
    clearTimeout(timer);
  }

  let isUsable = true;
  let runningCalls = 0;
  const endWhenIdle = () => {
    if (!isUsable && runningCalls === 0) end();
  };
  // A server that is going away still answers the calls it has.
  void left(grpc, channel).then(() => {
    isUsable = false;
    endWhenIdle();
  });
  return {
    get isUsable() {
      return isUsable && !life.signal.aborted;
    },
    async *call(call) {
      runningCalls++;
      try {
        yield* callOverGrpc(grpc, { channel, room: await sendRoom }, call);
      } finally {
        runningCalls--;
        endWhenIdle();
      }
    },
    close: end,
  };
}

/** Loads the library, and meanwhile has the crypto library seed itself on another thread: 24 ms less to wait. */
async function loadGrpc(): Promise<typeof Grpc> {
  void crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
  // Bundled, a CommonJS package imported in this way has nothing but its default export.
  const module: unknown = await import("@grpc/grpc-js");
  const grpc = (module as { default: typeof Grpc }).default;
  await deliverMessagesFirst();
  // The library would print what a server sends, as it comes, on the terminal.
  grpc.setLogVerbosity(grpc.logVerbosity.NONE);
  return grpc;
}

function channelOptions({ authority, keepalive }: GrpcConnection): Grpc.ChannelOptions {
  return {
    "grpc.default_authority": authority,
    "grpc.primary_user_agent": "talosctl",
    "grpc.use_local_subchannel_pool": 1,
    "grpc.enable_retries": 0,
    "grpc.enable_http_proxy": 0,
    "grpc.enable_channelz": 0,
    "grpc.service_config_disable_resolution": 1,
    "grpc.max_receive_message_length": maxReceiveBytes,
    "grpc.max_send_message_length": -1,
    "grpc-node.flow_control_window": flowControlWindowBytes,
    ...(keepalive
      ? {
        "grpc.keepalive_time_ms": keepalive.intervalMs,
        "grpc.keepalive_timeout_ms": keepalive.timeoutMs,
      }
      : {}),
  };
}

/** Waits until the channel is connected, or has failed, or is ended. */
function isReady(
  grpc: typeof Grpc,
  channel: Grpc.Channel,
  signal: AbortSignal,
): Promise<boolean> {
  const { READY, TRANSIENT_FAILURE } = grpc.connectivityState;
  return new Promise((resolve) => {
    const look = () => {
      if (signal.aborted) return resolve(false);
      const state = channel.getConnectivityState(true);
      if (state === READY) return resolve(true);
      if (state === TRANSIENT_FAILURE) return resolve(false);
      channel.watchConnectivityState(state, Infinity, look);
    };
    signal.addEventListener("abort", look, { once: true });
    look();
  });
}

/** Waits until a connected channel is so no more: its peer has gone, or is going. */
function left(grpc: typeof Grpc, channel: Grpc.Channel): Promise<void> {
  return new Promise((resolve) => {
    channel.watchConnectivityState(grpc.connectivityState.READY, Infinity, () => resolve());
  });
}

function timeoutError(stage: ConnectStage, address: string): Error {
  return connectError(
    stage,
    stage === "dial" ? `dial tcp ${address}: i/o timeout` : "context deadline exceeded",
  );
}

/** The library keeps the reason of a failed dial to itself, but tells it to a call. */
async function lastFailure(
  grpc: typeof Grpc,
  channel: Grpc.Channel,
  stage: ConnectStage,
  address: string,
): Promise<Error> {
  if (stage === "preface") return connectError("preface", "EOF");
  const probe = channel.createCall("/", Infinity, null, null, undefined);
  const details = await new Promise<string>((resolve) => {
    probe.start(new grpc.Metadata(), {
      onReceiveMetadata: () => {},
      onReceiveMessage: () => {},
      onReceiveStatus: (status) => resolve(status.details),
    });
  });
  const [, message = details, code] = /Last error: \w*Error: (\w+ (E[A-Z]+)\b.*?)\. Resolution note/
    .exec(details) ?? [];
  return code === "ECONNRESET"
    ? connectError("handshake", "EOF")
    : connectError("dial", dialReason(address, code, message));
}
