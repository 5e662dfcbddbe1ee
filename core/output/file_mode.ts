/** The mode of a file as text (spec/machine-read.md, 2, "Mode string"). */

/** The letters of the bits from 31 downwards, as Go orders them: directory, append, … irregular. */
const kindLetters = "dalTLDpSugct?";

const permissionLetters = "rwxrwxrwx";

/**
 * A file-mode word of Go, as nodes send it, in letters: `drwxr-xr-x`, `Lrwxrwxrwx`, `Dcrw-rw-rw-`.
 *
 * @param mode Permissions in the low nine bits; the kind in the high ones, other than in `st_mode`.
 */
export function formatFileMode(mode: number): string {
  const kind = lettersOf(kindLetters, (index) => mode >>> (31 - index) & 1, "");
  const permissions = lettersOf(permissionLetters, (index) => mode >>> (8 - index) & 1, "-");
  return (kind === "" ? "-" : kind) + permissions;
}

function lettersOf(letters: string, bit: (index: number) => number, absent: string): string {
  return Array.from(letters, (letter, index) => bit(index) === 1 ? letter : absent).join("");
}
