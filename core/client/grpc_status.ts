/**
 * A call's failure after its messages. grpc-js reports a status other than OK at once and drops the messages that it
 * holds and nobody has asked for yet: of a file that breaks off, all but the first kilobyte.
 */

import type * as Grpc from "@grpc/grpc-js";

/** Where a failure travels through the library, which takes the call for one that ended well. */
const statusKey = "talos-status";

type Headers = Record<string, unknown>;

/** What is used of the library's class of one call on one connection. */
interface SubchannelCall {
  transport: { getOptions(): Grpc.ChannelOptions };
  handleTrailers(headers: Headers): void;
}

let isInstalled = false;

/** Changes how the library ends the calls of our own channels; those of others stay as they are. */
export async function deliverMessagesFirst(): Promise<void> {
  if (isInstalled) return;
  isInstalled = true;
  const module: unknown = await import("@grpc/grpc-js/build/src/subchannel-call.js");
  const { default: exported } = module as {
    default: { Http2SubchannelCall: { prototype: SubchannelCall } };
  };
  const { prototype } = exported.Http2SubchannelCall;
  const handleTrailers = prototype.handleTrailers;
  prototype.handleTrailers = function (headers) {
    const status = headers["grpc-status"];
    const isOurs = this.transport.getOptions()["talos.address"] !== undefined;
    if (!isOurs || typeof status !== "string") return handleTrailers.call(this, headers);
    handleTrailers.call(this, { ...headers, "grpc-status": "0", [statusKey]: status });
  };
}

/** The status that the server has sent. */
export function finalStatus({ code, details, metadata }: Grpc.StatusObject) {
  const [sent] = metadata.get(statusKey);
  return { code: code === 0 && sent !== undefined ? Number(sent) : code, details };
}
