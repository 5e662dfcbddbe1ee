/**
 * Has the functions of a bundled file compiled with the file, so that the runtime's code cache keeps them: a command
 * starts 2 to 4 ms earlier.
 *
 * V8 compiles a function when it is first called, and only what is compiled by the end of a module's first evaluation
 * is cached; a function expression in parentheses is compiled at once.
 */

// Tells where functions begin and end, which a minified text does not show to less than a parser.
import { type FunctionDeclaration, parse } from "acorn";

/**
 * Turns the functions at the top of a module into variables at its very start: there they exist before all else
 * of the module is evaluated, as declarations do. Modules that import each other in a circle must not call them
 * while they are evaluated.
 */
export function compileAhead(code: string): string {
  const { body } = parse(code, { ecmaVersion: "latest", sourceType: "module" });
  const functions = body.filter((node) => node.type === "FunctionDeclaration");
  if (functions.length === 0) return code;

  let rest = "";
  let end = 0;
  for (const node of functions) {
    rest += code.slice(end, node.start);
    end = node.end;
  }
  rest += code.slice(end);
  return `var ${functions.map((node) => variable(code, node)).join(",")};${rest}`;
}

function variable(code: string, { id, start, end }: FunctionDeclaration): string {
  const expression = code.slice(start, id.start).trimEnd() + code.slice(id.end, end);
  return `${id.name}=(${expression})`;
}
