/** The Kubernetes API of a sandbox: HTTPS on a loopback port, from when somebody first asks for a kubeconfig. */

import type https from "node:https";
import type { TLSSocket } from "node:tls";
import type { KubernetesPki } from "../kubernetes_pki.ts";
import { KubernetesFailure } from "./documents.ts";
import { answerRequest } from "./routes.ts";
import { type KubernetesParts, KubernetesState } from "./state.ts";

/** The Kubernetes of a cluster, as far as clients of Talos use it. */
export interface SimulatedKubernetes extends AsyncDisposable {
  /** By `namespace/app`, how many pods may be away at once: `default/web` is a deployment with a pod a node. */
  readonly budgets: Map<string, number>;
  /** Starts to serve if nobody has asked before. */
  url(): Promise<string>;
}

const host = "127.0.0.1";

/** Costs nothing until it is asked for its address. */
export function createKubernetes(
  parts: KubernetesParts & { pki: KubernetesPki },
): SimulatedKubernetes {
  const state = new KubernetesState(parts);
  let serving: Promise<https.Server> | undefined;
  return {
    budgets: state.budgets,
    async url() {
      const address = (await (serving ??= serve(parts, state))).address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      return `https://${host}:${port}`;
    },
    async [Symbol.asyncDispose]() {
      const server = await serving;
      if (server === undefined) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      server.close(() => resolve());
      server.closeAllConnections();
      await promise;
    },
  };
}

async function serve(
  { nodes, pki }: KubernetesParts & { pki: KubernetesPki },
  state: KubernetesState,
): Promise<https.Server> {
  const { default: https } = await import("node:https");
  const { certificatePem: cert, keyPem: key } = await pki.server(host);
  const { certificatePem: ca } = await pki.authority();
  const options = { cert, key, ca, requestCert: true, rejectUnauthorized: false };
  const server = https.createServer(options, async (request, response) => {
    // It runs on the control planes: without any of them there is nobody to answer.
    const isUp = nodes.some(({ machineType, api }) => machineType === "controlplane" && api.isUp);
    if (!isUp) {
      request.socket.destroy();
      return;
    }
    try {
      const { status, document } = await answer(request, state);
      response.writeHead(status, { "content-type": "application/json" });
      response.end(`${JSON.stringify(document)}\n`);
    } catch {
      request.socket.destroy(); // the client has gone away while it was asking
    }
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen(0, host, resolve);
  await promise;
  return server;
}

async function answer(
  request: import("node:http").IncomingMessage,
  state: KubernetesState,
): Promise<{ status: number; document: object }> {
  const { method = "GET", url = "/" } = request;
  try {
    const body = await readBody(request);
    // The typings know only the plain socket.
    if (!(request.socket as TLSSocket).authorized) {
      throw new KubernetesFailure(401, "Unauthorized", "Unauthorized");
    }
    const asked = { method, url: new URL(url, `https://${host}`), body };
    return { status: method === "POST" ? 201 : 200, document: answerRequest(asked, state) };
  } catch (error) {
    if (!(error instanceof KubernetesFailure)) throw error;
    return { status: error.status, document: error.document };
  }
}

async function readBody(request: AsyncIterable<unknown>): Promise<unknown> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new KubernetesFailure(400, "BadRequest", "the body of the request is no JSON");
  }
}
