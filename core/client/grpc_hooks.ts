/** The two places where grpc-js lets others in: how an address is found, and how a TCP socket is made secure. */

import type * as Grpc from "@grpc/grpc-js";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";

type Experimental = typeof Grpc.experimental;
type ResolverConstructor = Parameters<Experimental["registerResolver"]>[1];
type ResolverArguments = ConstructorParameters<ResolverConstructor>;

/**
 * Makes targets of the scheme `talos` resolve to the channel option `talos.address`. The library hands it to
 * `net.connect` as it is, so that an abort signal in it ends the dial.
 */
export function registerAddressResolver(grpc: typeof Grpc): void {
  const { registerResolver, statusOrFromValue } = grpc.experimental;

  class AddressResolver {
    readonly #listener: ResolverArguments[1];
    readonly #address: { host: string; port: number };
    #isAnswered = false;

    constructor(_target: unknown, listener: ResolverArguments[1], options: Grpc.ChannelOptions) {
      this.#listener = listener;
      this.#address = options["talos.address"];
    }

    /** Answers once, and not before this has returned: after each failure the library asks again. */
    updateResolution(): void {
      if (this.#isAnswered) return;
      this.#isAnswered = true;
      queueMicrotask(() =>
        this.#listener(statusOrFromValue([{ addresses: [this.#address] }]), {}, null, "")
      );
    }

    destroy(): void {
      this.#isAnswered = false;
    }

    static getDefaultAuthority(): string {
      return "localhost";
    }
  }
  registerResolver("talos", AddressResolver);
}

/** Channel credentials whose TLS is done by `secure`, once for each connection. */
export function channelCredentials(
  grpc: typeof Grpc,
  secure: (socket: Socket) => Promise<TLSSocket>,
): Grpc.ChannelCredentials {
  class OwnCredentials extends grpc.ChannelCredentials {
    override _isSecure(): boolean {
      return true;
    }

    override _equals(other: Grpc.ChannelCredentials): boolean {
      return this === other;
    }

    override _createSecureConnector() {
      return {
        connect: async (socket: Socket) => ({ socket: await secure(socket), secure: true }),
        waitForReady: () => Promise.resolve(),
        getCallCredentials: () => grpc.CallCredentials.createEmpty(),
        destroy: () => {},
      };
    }
  }
  return new OwnCredentials();
}
