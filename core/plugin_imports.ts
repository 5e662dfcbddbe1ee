/** Whether a plugin's code keeps to the files beside it, told from its text: watching every import costs 20 ms. */

/** Larger files are not looked at. */
const mostBytes = 2 * 1024 * 1024;

/** Kinds of files in which an import may hide in another way: `require`, and the pragmas of JSX. */
const otherKinds = /\.(?:cjs|cts|jsx|tsx)$|(?:^|\/)package\.json$/;

/**
 * Whether all imports in a file are static ones of relative paths. Errs on the side of no: words in comments and texts
 * count too. An import's path is a literal behind `from` or `import`, and these words cannot be spelled otherwise.
 */
export function hasOwnImportsOnly(path: string, bytes: Uint8Array): boolean {
  if (otherKinds.test(path) || bytes.length > mostBytes) return false;
  const text = new TextDecoder().decode(bytes);
  // Escapes and other encodings may spell a path in another way; a comment may stand between a word and its path.
  return !/\\[ux]|\0|\brequire\b/.test(text) &&
    !/\bimport\s*(?:[(/]|\.(?!meta\b))/.test(text) &&
    !/\bfrom\s*\//.test(text) &&
    !/\b(?:from|import)\s*(["'])(?!\.\.?\/)/.test(text);
}
