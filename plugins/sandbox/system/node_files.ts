/** The files of a node by their paths: looking up, through links or not, and writing, which is laid over what the node makes up. */

import { compareCodePoints } from "../../../core/output/code_point_order.ts";
import {
  bytesContent,
  type FileContent,
  FileError,
  type FileNode,
  patternContent,
} from "./file_tree.ts";
import { fileMaker } from "./file_maker.ts";

/** A file where it was found. */
export interface FoundFile {
  /** Absolute, without links in its directories. */
  path: string;
  file: FileNode;
}

/** The files of a node. */
export interface NodeFiles {
  /** The file itself, also when it is a link. Throws a {@linkcode FileError} for `lstat`. */
  lstat(path: string): FoundFile;
  /** What it leads to. Throws a {@linkcode FileError} for `stat`. */
  stat(path: string): FoundFile;
  /** The files in a directory, sorted by their names' bytes; none where it is no directory. */
  entries(found: FoundFile): readonly FoundFile[];
  /** Puts a regular file there, and the directories above it; `{ sizeBytes }` makes up that many bytes. */
  write(
    path: string,
    content: string | Uint8Array | { sizeBytes: number } | FileContent,
    permissions?: number,
  ): void;
}

const maxLinks = 40;

/** The files below `root`, which is asked again at every look. */
export function createNodeFiles(root: () => FileNode, now: () => Date): NodeFiles {
  /** What was written, by the path of its directory. */
  const written = new Map<string, Map<string, FileNode>>();

  function child({ path, file }: FoundFile, name: string): FoundFile | undefined {
    if (file.kind !== "directory") return undefined;
    const found = written.get(path)?.get(name) ?? file.entries().get(name);
    return found && { path: joinPath(path, name), file: found };
  }

  function find(operation: string, path: string, followsLast: boolean): FoundFile {
    const fail = (reason: string) => new FileError(operation, path, reason);
    const rest = wordsOf(path);
    const above: FoundFile[] = [{ path: "/", file: root() }];
    for (let linkCount = 0; rest.length > 0;) {
      const name = rest.shift() ?? "";
      const directory = above.at(-1);
      if (name === "..") {
        if (above.length > 1) above.pop();
        continue;
      }
      if (directory?.file.kind !== "directory") throw fail("not a directory");
      const found = child(directory, name);
      if (found === undefined) throw fail("no such file or directory");
      if (found.file.kind !== "link" || (rest.length === 0 && !followsLast)) {
        above.push(found);
        continue;
      }
      if (++linkCount > maxLinks) throw fail("too many levels of symbolic links");
      if (found.file.target.startsWith("/")) above.length = 1;
      rest.unshift(...wordsOf(found.file.target));
    }
    return above.at(-1) ?? { path: "/", file: root() };
  }

  /** The directory a file is to be written to; what is missing of it is made. */
  function makeDirectory(path: string): string {
    const { directory } = fileMaker({ storage: "disk", modifiedAt: now() });
    let current = "/";
    for (const name of wordsOf(path)) {
      const next = joinPath(current, name);
      if (!exists(next)) put(current, name, directory({}));
      current = find("mkdir", next, true).path;
    }
    return current;
  }

  function put(directory: string, name: string, file: FileNode): void {
    written.set(directory, (written.get(directory) ?? new Map()).set(name, file));
  }

  function exists(path: string): boolean {
    try {
      find("stat", path, true);
      return true;
    } catch (error) {
      if (error instanceof FileError) return false;
      throw error;
    }
  }

  return {
    lstat: (path) => find("lstat", path, false),
    stat: (path) => find("stat", path, true),
    entries: ({ path, file }) => {
      if (file.kind !== "directory") return [];
      const all = new Map([...file.entries(), ...written.get(path) ?? []]);
      return [...all]
        .sort(([one], [other]) => compareCodePoints(one, other))
        .map(([name, file]) => ({ path: joinPath(path, name), file }));
    },
    write: (path, content, permissions = 0o644) => {
      const [, above = "", name = ""] = path.match(/^(.*)\/([^/]+)$/) ?? [];
      if (name === "") throw new TypeError(`writing "${path}": not an absolute path of a file`);
      const { file } = fileMaker({ storage: "disk", modifiedAt: now() });
      put(makeDirectory(above), name, file(contentOf(content), { permissions }));
    },
  };
}

function contentOf(
  content: string | Uint8Array | { sizeBytes: number } | FileContent,
): FileContent {
  if (typeof content === "string" || content instanceof Uint8Array) return bytesContent(content);
  return "sizeBytes" in content ? patternContent(content.sizeBytes) : content;
}

/** The last word of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function wordsOf(path: string): string[] {
  return path.split("/").filter((word) => word !== "" && word !== ".");
}

function joinPath(directory: string, name: string): string {
  return directory === "/" ? `/${name}` : `${directory}/${name}`;
}
