/** Randomness that a seed repeats: numbers, choices, and texts with something wrong in them. */

/** Whole numbers below a limit. */
export type Random = (limit: number) => number;

/** A linear congruential generator. */
export function randomNumbers(seed: number): Random {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

/** One of these. */
export function choose<T>(random: Random, items: readonly [T, ...T[]]): T {
  return items[random(items.length)] ?? items[0];
}

/** Inserts, deletes, doubles and replaces up to four pieces of a text; the same for the same seed. */
export function mutate(text: string, seed: number, pieces: readonly [string, ...string[]]): string {
  const random = randomNumbers(seed);
  let mutated = text;
  for (let count = 1 + random(4); count > 0; count--) {
    const at = random(mutated.length + 1);
    const length = random(12);
    const piece = random(3) === 0
      ? mutated.slice(random(mutated.length), random(mutated.length))
      : choose(random, pieces);
    mutated = mutated.slice(0, at) + piece + mutated.slice(random(2) === 0 ? at : at + length);
  }
  return mutated;
}
