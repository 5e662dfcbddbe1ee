/** What installers have said, kept for those that fail (spec/machine-ops.md, 9.2). */

const mostBytes = 64 * 1024;

/** The end of one installer's output. */
export class InstallerOutput {
  #messages: { text: string; sizeBytes: number }[] = [];
  #sizeBytes = 0;
  #isTruncated = false;

  /** Keeps a message; whole old ones make room for it. */
  add(text: string): void {
    const sizeBytes = new TextEncoder().encode(text).length;
    this.#messages.push({ text, sizeBytes });
    this.#sizeBytes += sizeBytes;
    while (this.#sizeBytes > mostBytes) {
      this.#sizeBytes -= this.#messages.shift()?.sizeBytes ?? this.#sizeBytes;
      this.#isTruncated = true;
    }
  }

  /** Trimmed, and with a word on what is missing. */
  get text(): string {
    const kept = this.#messages.map(({ text }) => text).join("").trim();
    return this.#isTruncated ? `[earlier installer output truncated]\n${kept}` : kept;
  }
}
