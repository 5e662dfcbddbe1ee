/** What a plugin's code imports, told from its text before any of it is loaded. */

/** Larger files are not looked at for this. */
const mostBytes = 2 * 1024 * 1024;

/** Kinds of files in which an import may hide in another way: `require`, and the pragmas of JSX. */
const otherKinds = /\.(?:cjs|cts|jsx|tsx)$|(?:^|\/)package\.json$/;

/**
 * Imports of packages, which the runtime looks up in their registry as soon as it reads such a line, whatever the
 * permissions and whatever watches imports. A path is a literal behind `from` or `import`; these words cannot be spelled
 * otherwise, and a literal that could be is refused too.
 */
const packageImport =
  /\b(?:from|import)\s*(?:\(\s*)?(?:["'`](?:(?:npm|jsr):|[^"'`\n]*\\)|\/[*/])|@jsx\w*\s+(?:npm|jsr|https?):/;

/** The text at which a file imports a package, or hides what it imports; undefined where it does neither. */
export function packageImportIn(bytes: Uint8Array): string | undefined {
  return packageImport.exec(new TextDecoder().decode(bytes))?.[0];
}

/**
 * Whether all imports in a file are static ones of relative paths. Errs on the side of no: words in comments and texts
 * count too. Where the answer is no, every import is watched, which costs 20 ms.
 */
export function hasOwnImportsOnly(path: string, bytes: Uint8Array): boolean {
  if (otherKinds.test(path) || bytes.length > mostBytes) return false;
  const text = new TextDecoder().decode(bytes);
  return !/\\[ux]|\0|\brequire\b/.test(text) &&
    !/\bimport\s*(?:[(/]|\.(?!meta\b))/.test(text) &&
    !/\bfrom\s*\//.test(text) &&
    !/\b(?:from|import)\s*(["'])(?!\.\.?\/)/.test(text);
}
