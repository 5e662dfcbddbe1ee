/** What of a recorded output belongs to its run: each rule names one field, and why it cannot be the same again. */

import { tableForm, type ValueRule, valueRules } from "./recorded_values.ts";

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
  return isInsecure(recorded)
    ? dialled.replace(/ -n (\S+)/, (_, list) => ` -n ${withPort(list)}`)
    : dialled;
}

/** Without a client certificate; `-i` is short for it in `get`. */
function isInsecure(command: string): boolean {
  return / --insecure\b| get .*-i$/m.test(command);
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
      )
      .replace(
        /(lookup time\.cloudflare\.com on) .*: connection refused/g,
        "$1 127.0.0.53:53: no such host",
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

/** Which of many alike lines of two configurations belong together is for whoever compares them. */
function withoutAlignment(text: string): string {
  const [before = "", differences] = text.split("\n+++ b\n");
  if (differences === undefined) return text;
  const changed = differences.split("\n").filter((line) => /^[-+]/.test(line));
  return [before, ...changed.sort()].join("\n");
}

function comparable(
  { stdout, stderr }: Streams,
  command: string,
  change: (text: string) => string,
): Streams {
  const rest = command.includes("--context down")
    ? withoutLastFailure
    : command.includes("controlplane-2.yaml")
    ? withoutAlignment
    : (text: string) => text;
  // `get` asks one node after the other; elsewhere nodes answer when they can.
  const inOrder = / get /.test(command) ? (text: string) => text : sortByNode;
  return {
    stdout: inOrder(withoutRunValues(withoutClientBuild(change(byForm(stdout, command))))),
    stderr: inOrder(
      withoutAlert(
        withoutDigests(rest(change(isStream({ stderr }) ? withoutCanceled(stderr) : stderr))),
      ),
    ),
  };
}

/** Whether it went on until Ctrl-C. */
export function isStream({ stderr }: Pick<Streams, "stderr">): boolean {
  return stderr.startsWith("Signal received");
}

/** What a node fills its outputs with, by the rule for this command. */
function byForm(text: string, command: string): string {
  const rule = ruleOf(command);
  if (rule === undefined) return text;
  const { columns, mask = (text) => text, rows } = rule;
  const masked = mask(columns === undefined ? text : tableForm(text, columns));
  return rows === "sorted" ? sortLines(masked) : masked;
}

/** Leaves out rows that need not be the same, as the rule for this command says. */
export function commonRows(expected: Streams, actual: Streams, command: string) {
  const rows = ruleOf(command)?.rows;
  if (rows === "recorded") return { expected, actual: onlyLinesOf(actual, expected) };
  if (rows !== "known") return { expected, actual };
  const distinct = withStdout(actual, (text) => distinctLines(text));
  return { expected: onlyLinesOf(withStdout(expected, distinctLines), distinct), actual: distinct };
}

function ruleOf(command: string): ValueRule | undefined {
  return valueRules.find((rule) => rule.command.test(command));
}

function withStdout<T extends Streams>(streams: T, change: (stdout: string) => string): T {
  return { ...streams, stdout: change(streams.stdout) };
}

function onlyLinesOf<T extends Streams>(streams: T, other: Streams): T {
  const known = new Set(other.stdout.split("\n"));
  return withStdout(
    streams,
    (text) => text.split("\n").filter((line) => known.has(line)).join("\n"),
  );
}

/** The header stays first. */
function distinctLines(text: string): string {
  return sortLines([...new Set(text.split("\n").slice(0, -1)), ""].join("\n"));
}

function sortLines(text: string): string {
  const [header, ...rows] = text.split("\n").slice(0, -1);
  return [header, ...rows.sort(), ""].join("\n");
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

/** What an image in a registry was at that time. */
function withoutDigests(text: string): string {
  return text.replace(/(: pulled image \S+@sha256:)[\da-f]{64}$/gm, "$1DIGEST");
}

/** Whether a call notices that its program was interrupted, before the program has ended, is chance. */
function withoutCanceled(text: string): string {
  return text.replace(
    /^error from node \S+: rpc error: code = Canceled desc = context canceled\n/gm,
    "",
  );
}

/** The client's own compiler and machine; a node's are compared. */
function withoutClientBuild(text: string): string {
  const end = text.indexOf("Server:\n");
  if (!text.startsWith("Client:\n")) return text;
  const own = end < 0 ? text : text.slice(0, end);
  return own.replace(/^(\t(?:Go version|OS\/Arch): ).*$/gm, "$1") + text.slice(own.length);
}

const nodeLine =
  /^(?:\t?NODE: +|NODE +|error (?:(?:getting version )?from|wiping device on) node )?(\d+(?:\.\d+){3})\b/;

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
