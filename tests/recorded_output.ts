/** What of a recorded output belongs to its run: each rule names one field, and why it cannot be the same again. */

/** The streams of a run. */
export interface Streams {
  stdout: string;
  stderr: string;
}

/** What the run against the sandbox has in the place of a recorded value. */
export interface RunFacts {
  /** As recorded. */
  command: string;
  port: number;
  certificateEnd: Date;
}

/** A recorded command line for endpoints on another port. */
export function commandLine(recorded: string, port: number): string {
  const withPort = (list: string) =>
    list.split(",").map((endpoint) =>
      endpoint.endsWith(":50000") ? endpoint.replace(/50000$/, `${port}`) : `${endpoint}:${port}`
    ).join(",");
  const dialled = recorded.replace(/ -e (\S+)/, (_, list) => ` -e ${withPort(list)}`);
  // In maintenance mode the nodes are what is dialled.
  return recorded.includes("--insecure")
    ? dialled.replace(/ -n (\S+)/, (_, list) => ` -n ${withPort(list)}`)
    : dialled;
}

/** A recorded output with what the run against the sandbox must have instead. */
export function expectedOf(recorded: Streams, facts: RunFacts): Streams {
  const end = facts.certificateEnd.toISOString().slice(0, "2006-01-02".length);
  return comparable(recorded, facts.command, (text) =>
    text
      .replaceAll("2027-11-21", end)
      // The recorded nodes had no DNS server to ask; those of the sandbox have one that does not know the name.
      .replace(
        /dns: A record lookup error: lookup nosuchhost on .*/,
        "name resolver error: produced zero addresses",
      ));
}

/** The output of a run against the sandbox, in the form of {@linkcode expectedOf}. */
export function actualOf(seen: Streams, { command, port }: RunFacts): Streams {
  const dialled = new RegExp(`(dial tcp [^ :]+):${port}\\b`, "g");
  return comparable(
    seen,
    command,
    (text) => text.replace(dialled, "$1:50000").replaceAll(`:${port}`, ""),
  );
}

function comparable(
  { stdout, stderr }: Streams,
  command: string,
  change: (text: string) => string,
): Streams {
  const rest = command.includes("--context down") ? withoutLastFailure : (text: string) => text;
  // `get` asks one node after the other; elsewhere nodes answer when they can.
  const inOrder = / get /.test(command) ? (text: string) => text : sortByNode;
  return {
    stdout: inOrder(withoutRunValues(withoutClientBuild(change(stdout)))),
    stderr: inOrder(withoutAlert(rest(change(stderr)))),
  };
}

/** Times, counters and random ids. */
function withoutRunValues(text: string): string {
  return text
    // How long ago something was: with it goes the padding of its column.
    .replace(/(?:\d+[hm])*\d+s ago(?: {3,})?/g, "AGE ")
    .replace(/\(PID \d+\)/g, "(PID)")
    // Resources: when they were made and changed, how often, and the random identity of a member.
    .replace(/^( +"?(?:created|updated)"?: "?)[-\dTZ:]+/gm, "$1TIME")
    .replace(/^( +"?version"?: )\d+/gm, "$1N")
    .replace(/^( +"?nodeId"?: "?)\w+/gm, "$1ID")
    .replace(/^(\S+ +cluster +Member +\S+ +)\d/gm, "$1N");
}

/** Both endpoints of this context are dead: which of them failed last is chance. */
function withoutLastFailure(text: string): string {
  return text.replace(/dial tcp 127\.0\.0\.6[67]:/g, "dial tcp DEAD:");
}

/** A node refuses a client certificate with an alert; the runtime's TLS server has none to send, and just closes. */
function withoutAlert(text: string): string {
  return text.replace(/(error reading server preface: )[^"]*/g, "$1REFUSED");
}

/** The client's own compiler and machine; a node's are compared. */
function withoutClientBuild(text: string): string {
  const end = text.indexOf("Server:\n");
  if (!text.startsWith("Client:\n")) return text;
  const own = end < 0 ? text : text.slice(0, end);
  return own.replace(/^(\t(?:Go version|OS\/Arch): ).*$/gm, "$1") + text.slice(own.length);
}

const nodeLine = /^(?:\tNODE: +|NODE +|error (?:getting version )?from node )?(\d+(?:\.\d+){3})\b/;

/** Brings nodes into one order: the lines of each stay in theirs, what stands before the first stays there. */
function sortByNode(text: string): string {
  let node = "";
  const lines = text.split("\n").map((line) => {
    node = nodeLine.exec(line)?.[1] ?? node;
    return { node, line };
  });
  const last = lines.pop(); // what follows the final newline
  lines.sort((a, b) => a.node < b.node ? -1 : a.node > b.node ? 1 : 0);
  return [...lines, last].map((it) => it?.line ?? "").join("\n");
}
