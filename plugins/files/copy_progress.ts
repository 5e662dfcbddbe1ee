/** How far a copy has come, for those who watch. */

import type { Progress } from "../../core/command.ts";
import { formatBytes } from "../../core/output/sizes.ts";

/** Counts what was copied and shows it. */
export interface CopyProgress {
  /** Files, folders and links that are there, whole or in part. */
  readonly files: number;
  addFile(): void;
  addBytes(count: number): void;
  finish(folder: string): void;
}

const showEveryMs = 100;

/** Counts; without a place to show anything it does no more. */
export function createCopyProgress(progress: Progress | undefined): CopyProgress {
  let files = 0;
  let sizeBytes = 0;
  let shownMs = performance.now();
  const amount = () => `${files} ${files === 1 ? "file" : "files"}, ${formatBytes(sizeBytes)}`;
  const show = () => {
    if (progress === undefined || performance.now() - shownMs < showEveryMs) return;
    shownMs = performance.now();
    progress.update(`copying: ${amount()}`);
  };
  return {
    get files() {
      return files;
    },
    addFile() {
      files++;
      show();
    },
    addBytes(count) {
      sizeBytes += count;
      show();
    },
    finish(folder) {
      progress?.update(`copied ${amount()} to ${folder}`, "succeeded");
    },
  };
}
