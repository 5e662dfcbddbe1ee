/** One address where a node's API can be dialled: TLS 1.3 and HTTP/2 on a loopback port, and the faults of an endpoint. */

import http2 from "node:http2";
import net from "node:net";
import tls from "node:tls";
import type { Answer, Call, Peer } from "./call.ts";
import type { Fault } from "./faults.ts";
import { serveStream } from "./grpc_stream.ts";
import type { ApidCertificate } from "./certificates.ts";
import { relayWithReset } from "./relay.ts";
import { type SendWindows, watchSendWindows } from "./send_windows.ts";
import { sleep } from "../../core/sleep.ts";

const lastAnswersMs = 20;

/** What a listener serves, and as whom. */
export interface ListenerOptions {
  host: string;
  /** 0 picks a free one. */
  port: number;
  /** The certificate to show, by the fault that is on. */
  certificate(fault: Fault | undefined): Promise<ApidCertificate>;
  /** Who is there, by the certificate shown; undefined refuses. */
  identify(certificateDer: Uint8Array<ArrayBuffer>): readonly string[] | undefined;
  serve(call: Call, peer: Peer): Answer;
}

/** A listening endpoint. */
export class Listener {
  readonly #options: ListenerOptions;
  readonly #front: net.Server;
  readonly #sockets = new Set<net.Socket>();
  readonly #http = http2.createServer({ settings: { initialWindowSize: 65_535 * 32 } });
  readonly #sessions = new Set<http2.ServerHttp2Session>();
  readonly #connections = new Map<string, { peer: Peer; windows: SendWindows }>();
  readonly #tlsServers = new Map<string, { certificate: ApidCertificate; server: tls.Server }>();
  readonly #host: string;
  #port: number;
  #fault: Fault | undefined;
  #isPowered = true;

  constructor(options: ListenerOptions) {
    this.#options = options;
    this.#host = options.host;
    this.#port = options.port;
    this.#front = net.createServer((socket) => this.#accept(socket));
    this.#http.on("session", (session) => {
      this.#sessions.add(session);
      // Errors of one connection end that connection; its calls see them as their own.
      session.on("error", () => {});
      session.on("close", () => this.#sessions.delete(session));
    });
    // The typings of Node.js lack the fourth argument, which alone keeps repeated keys apart.
    const onStream = (
      stream: http2.ServerHttp2Stream,
      _headers: http2.IncomingHttpHeaders,
      _flags: number,
      rawHeaders: string[],
    ) => {
      const connection = this.#connections.get(peerKey(stream.session?.socket));
      if (connection === undefined) return stream.close(http2.constants.NGHTTP2_REFUSED_STREAM);
      const { peer, windows } = connection;
      serveStream({ stream, rawHeaders, windows }, (call) => this.#serve(call, peer));
    };
    this.#http.on("stream", onStream as (stream: http2.ServerHttp2Stream) => void);
  }

  /** `host:port`. */
  get address(): string {
    return `${this.#host}:${this.#port}`;
  }

  /** Starts to listen; the port stays the same from then on. */
  async open(): Promise<void> {
    if (this.#front.listening) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#front.once("error", reject);
    this.#front.listen(this.#port, this.#host, () => resolve());
    await promise;
    this.#front.removeListener("error", reject);
    const bound = this.#front.address();
    if (bound !== null && typeof bound === "object") this.#port = bound.port;
  }

  /** Puts a fault in force, or none. Existing connections are cut where the fault is about connections. */
  async setFault(fault: Fault | undefined): Promise<void> {
    this.#fault = fault;
    if (fault?.kind === "goaway") return this.#sendGoaway(fault.delayMs ?? 0);
    if (fault !== undefined && fault.kind !== "slow") this.#cutConnections();
    if (fault?.kind === "down") await this.#stopListening();
    else if (this.#isPowered) await this.open();
  }

  /** Lets it come and go with its node; a fault that is on stays on. */
  async setPowered(isPowered: boolean): Promise<void> {
    this.#isPowered = isPowered;
    if (!isPowered) {
      // Answers that are on their way still arrive.
      this.#sendGoaway(lastAnswersMs);
      await this.#stopListening();
    } else if (this.#fault?.kind !== "down") await this.open();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#cutConnections();
    await this.#stopListening();
  }

  #accept(socket: net.Socket): void {
    this.#sockets.add(socket);
    // A peer that resets is a peer that is gone: `close` follows.
    socket.on("error", () => {});
    socket.on("close", () => this.#sockets.delete(socket));
    switch (this.#fault?.kind) {
      case "close":
        socket.destroy();
        return;
      case "black-hole":
        socket.resume();
        return;
      case "garbage":
        socket.resume();
        socket.end("\x00\x01garbage\xff\xfe\r\n");
        return;
      case "plain-http":
        socket.once("data", () => {
          socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n400 Bad Request");
        });
        return;
      case "reset":
        relayWithReset(socket, this.#fault.afterBytes ?? 0, (inner) => this.#startTls(inner));
        return;
      default:
        this.#startTls(socket);
    }
  }

  async #startTls(socket: net.Socket): Promise<void> {
    try {
      const server = await this.#tlsServer(this.#fault);
      if (!socket.destroyed) server.emit("connection", socket);
    } catch {
      // Without a certificate there is no TLS to fail in: the peer sees the connection close.
      socket.destroy();
    }
  }

  async #tlsServer(fault: Fault | undefined): Promise<tls.Server> {
    const key = fault?.kind ?? "";
    const certificate = await this.#options.certificate(fault);
    const known = this.#tlsServers.get(key);
    if (known?.certificate === certificate) return known.server;

    const server = tls.createServer({
      cert: certificate.certificatePem,
      key: certificate.keyPem,
      minVersion: "TLSv1.3",
      ALPNProtocols: ["h2"],
      ...(certificate.clientCaPem === undefined
        ? {}
        : { ca: certificate.clientCaPem, requestCert: true, rejectUnauthorized: true }),
    });
    const asksForCertificate = certificate.clientCaPem !== undefined;
    server.on("secureConnection", (socket) => this.#startHttp(socket, asksForCertificate));
    this.#tlsServers.set(key, { certificate, server });
    return server;
  }

  #startHttp(socket: tls.TLSSocket, asksForCertificate: boolean): void {
    socket.on("error", () => {});
    // Absent, whatever the typings say, where none was asked for and where the peer is gone already.
    const raw: Uint8Array | undefined = socket.getPeerCertificate().raw;
    const organizations = asksForCertificate && raw !== undefined
      ? this.#options.identify(new Uint8Array(raw))
      : undefined;
    if (asksForCertificate && organizations === undefined) {
      socket.destroy();
      return;
    }
    const key = peerKey(socket);
    const peer = { organizations, remoteAddress: socket.remoteAddress ?? "" };
    this.#connections.set(key, { peer, windows: watchSendWindows(socket) });
    socket.on("close", () => this.#connections.delete(key));
    this.#http.emit("connection", socket);
  }

  async *#serve(call: Call, peer: Peer): AsyncGenerator<Uint8Array> {
    if (this.#fault?.kind === "slow") await sleep(this.#fault.delayMs ?? 0, call.signal);
    yield* this.#options.serve(call, peer);
  }

  #sendGoaway(graceMs: number): void {
    for (const session of this.#sessions) {
      session.close();
      const timer = setTimeout(() => session.destroy(), graceMs);
      session.on("close", () => clearTimeout(timer));
    }
  }

  #cutConnections(): void {
    // What a session still says on its way out must not read as an end that is well.
    const { NGHTTP2_CANCEL } = http2.constants;
    for (const session of this.#sessions) session.destroy(undefined, NGHTTP2_CANCEL);
    for (const socket of this.#sockets) socket.destroy();
  }

  async #stopListening(): Promise<void> {
    if (!this.#front.listening) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#front.close(() => resolve());
    await promise;
  }
}

/** Both ends of a connection know its remote port, also when other objects stand for it. */
function peerKey(socket: net.Socket | tls.TLSSocket | undefined): string {
  return `${socket?.remoteAddress}:${socket?.remotePort}`;
}
