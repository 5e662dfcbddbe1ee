/** How long it takes to begin, against a bare start of the runtime. */

import { measure } from "./measure.ts";
import { type Bench, ours, print, script } from "./runs.ts";

const lines: { words: string[]; goals: { bundle: number; source: number }; exitCode?: number }[] = [
  { words: ["--help"], goals: { bundle: 1.4, source: 2.0 } },
  { words: ["completion", "bash"], goals: { bundle: 1.4, source: 2.0 } },
  { words: ["--no-such-flag"], goals: { bundle: 1.4, source: 2.0 }, exitCode: 1 },
  { words: ["config", "contexts"], goals: { bundle: 1.8, source: 2.6 } },
];

/** Commands that call nobody. */
export async function startUp(bench: Bench): Promise<void> {
  await Deno.writeTextFile(`${bench.work}/empty.ts`, "");
  await Deno.writeTextFile(
    `${bench.work}/.talos/config`,
    "context: a\ncontexts:\n    a:\n        endpoints: []\n",
  );
  const bare = script(bench, "bare", [`${bench.work}/empty.ts`]);
  const subjects = lines.flatMap(({ words, goals, exitCode = 0 }) =>
    (["bundle", "source"] as const).map((form) => ({
      subject: ours(bench, form, words, { exitCode }),
      goals: `wall at most ${goals[form]}`,
    }))
  );
  const figures = await measure([bare, ...subjects.map(({ subject }) => subject)], bench.rounds);
  print(
    "start-up, against a bare start",
    subjects.map(({ subject: { name }, goals }) => ({
      name,
      figure: figures.get(name),
      base: figures.get(bare.name),
      goals,
    })),
  );
}
