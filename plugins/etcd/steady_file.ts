/** A long file that reaches the disk while more of it is received: left to the end, 1 GiB took as long again. */

import { withPrefix } from "../../core/error_prefix.ts";
import { fileError } from "../../core/files/errors.ts";

const syncEveryBytes = 16 * 1024 * 1024;

/** A new file of which its owner alone can read; errors are in Go's words. */
export class SteadyFile implements AsyncDisposable {
  readonly #path: string;
  readonly #file: Deno.FsFile;
  /** The same file once more: a handle does one thing at a time. */
  readonly #syncFile: Deno.FsFile;
  #unsyncedBytes = 0;
  #syncing: Promise<void> = Promise.resolve();

  private constructor(path: string, file: Deno.FsFile, syncFile: Deno.FsFile) {
    this.#path = path;
    this.#file = file;
    this.#syncFile = syncFile;
  }

  /** @throws {CliError} where it cannot be made. */
  static async create(path: string): Promise<SteadyFile> {
    const options = { write: true, create: true, truncate: true, mode: 0o600 };
    const open = async (options: Deno.OpenOptions) => {
      try {
        return await Deno.open(path, options);
      } catch (error) {
        throw fileError("open", path, error);
      }
    };
    const file = await open(options);
    return new SteadyFile(path, file, await open({ write: true }));
  }

  /**
   * Takes some bytes; waits where the disk has fallen behind. Written at once: that goes to the system's memory, and the
   * runtime's writes that are waited for took three to ten times as long.
   */
  async add(bytes: Uint8Array): Promise<void> {
    try {
      for (let written = 0; written < bytes.length;) {
        written += this.#file.writeSync(bytes.subarray(written));
      }
    } catch (error) {
      throw fileError("write", this.#path, error);
    }
    this.#unsyncedBytes += bytes.length;
    if (this.#unsyncedBytes < syncEveryBytes) return;
    this.#unsyncedBytes = 0;
    await this.#syncing;
    this.#syncing = this.#sync();
    this.#syncing.catch(() => {}); // seen by the next or the last
  }

  /** Resolves when all of it is on the disk. */
  async finish(): Promise<void> {
    await this.#syncing;
    await this.#sync();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled([this.#syncing]);
    this.#file.close();
    this.#syncFile.close();
  }

  async #sync(): Promise<void> {
    const syncing = this.#syncFile.sync()
      .catch((error: unknown) => Promise.reject(fileError("sync", this.#path, error)));
    await withPrefix("failed to fsync", syncing);
  }
}
