#!/usr/bin/env node
/** The program of the npm package: runs talosctl with the runtime that npm has installed beside it. */
"use strict";

const { spawn } = require("node:child_process");
const { constants } = require("node:os");
const { join } = require("node:path");

// Puts the runtime in its place where npm was told to run no scripts.
const runtime = require("deno/install_api.cjs").runInstall();
const entry = join(__dirname, "..", "program", "cli", "main.js");
const flags = [
  "run",
  "-A",
  "--no-prompt",
  "--no-config",
  "--unstable-worker-options",
  "--unstable-lazy-dynamic-imports",
];
const child = spawn(runtime, [...flags, entry, ...process.argv.slice(2)], { stdio: "inherit" });

// A terminal sends Ctrl-C to both: the program decides, and this one waits for it. Other signals are for one process.
process.on("SIGINT", () => {});
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));

child.on("error", (error) => {
  process.stderr.write(`running ${runtime}: ${error.message}\n`);
  process.exitCode = 1;
});
child.on("exit", (code, signal) => {
  process.exit(signal === null ? code : 128 + constants.signals[signal]);
});
