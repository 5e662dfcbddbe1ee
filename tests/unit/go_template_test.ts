/** Templates of schema files: the part of Go's text/template that `cgroups` knows (spec/machine-read.md, 18). */

import assert from "node:assert/strict";
import { CgroupValue, parseValue, unsetValue } from "../../plugins/system/cgroups/value.ts";
import { executeTemplate } from "../../plugins/system/go_template/execute.ts";
import { parseTemplate } from "../../plugins/system/go_template/parse.ts";
import { goPrintf } from "../../plugins/system/go_template/printf.ts";

const data = new Map<string, unknown>([
  ["Name", "init"],
  ["Empty", ""],
  ["Missing", undefined],
  ["List", ["a", "b"]],
  ["Max", [parseValue("max"), parseValue("100000")]],
  ["Map", new Map([["b", 2n], ["a", 1n]])],
  ["Stat", new Map([["usec", parseValue("2004155")], ["avg", parseValue("0.05")]])],
  ["Peak", parseValue("169869312")],
  ["Low", parseValue("201326592")],
  ["Unset", unsetValue],
]);

function render(template: string): string {
  return executeTemplate(parseTemplate("A", template), data);
}

Deno.test("templates print fields, maps, lists and calls as Go does", () => {
  const rows: [string, string][] = [
    ["plain text", "plain text"],
    ["{{.Name}}-{{.List}}-{{.Map}}", "init-[a b]-map[a:1 b:2]"],
    ["{{.Map.a}} {{.Map.nope}} {{.Map.nope.Deeper}}", "1 <no value> <no value>"],
    ["{{/* a note }} */}}x", "x"],
    ["a {{- .Name -}}  b", "ainitb"],
    ["{{if .Empty}}yes{{else if .Name}}named{{else}}no{{end}}", "named"],
    ["{{if not .List}}none{{end}}{{with .Name}}<{{.}}>{{end}}", "<init>"],
    ["{{range $k, $v := .Map}}{{$k}}={{$v}};{{end}}", "a=1;b=2;"],
    [
      "{{range $i, $v := .List}}{{$i}}{{$v}}{{end}}{{range .Missing}}x{{else}}none{{end}}",
      "0a1bnone",
    ],
    ["{{$x := 1}}{{range .List}}{{$x = .}}{{end}}{{$x}}", "b"],
    ['{{len .List}} {{index .List 1}} {{index .Map "b"}} {{slice .Name 1 3}}', "2 b 2 ni"],
    ['{{.Name | printf "%6s|"}}{{printf "%-6s|" .Name}}', "  init|init  |"],
    ['{{printf "%s" (len .List | printf "%03d")}}', "002"],
    ['{{print .List | printf "%.2s"}}{{print 1 2 "x" 3}}', "[a1 2x3"],
    [
      "{{eq .Name `init` `x`}} {{gt 2 1}} {{and .Name .Empty}}|{{or .Empty .Name}}",
      "true true |init",
    ],
    ['{{.Max | printf "%6s"}}', "[   max 100000]"],
    ["{{.Stat.usec.UsecToDuration}} {{.Stat.avg}} {{.Unset}}", "2.004155s 0.05 unset"],
    [
      "{{.Peak.HumanizeIBytes}} {{.Unset.HumanizeIBytes}} {{.Stat.avg.HumanizeIBytes}}",
      "162 MiB unset 0.05",
    ],
    [
      "{{.Peak.DivideBy .Low}} {{.Unset.DivideBy .Low}} {{.Peak.DivideBy .Stat.avg}}",
      "84.38 unset 339738624000.00",
    ],
    [
      "{{.Peak.Val}} {{.Stat.avg.Frac}} {{.Unset.IsSet}} {{.Low.Float64}}",
      "169869312 2 false 2.01326592e+08",
    ],
  ];
  for (const [template, expected] of rows) assert.equal(render(template), expected, template);
});

Deno.test("values divide with the limits of a control group in mind", () => {
  const max = parseValue("max");
  const [zero, one, four] = ["0", "1", "4"].map(parseValue);
  const rows: [CgroupValue | undefined, CgroupValue | undefined, string][] = [
    [one, four, "25.00"],
    [one, zero, "max"],
    [max, one, "max"],
    [one, max, "0.00"],
    [max, max, "100.00"],
    [unsetValue, zero, "unset"],
    [one, unsetValue, "unset"],
  ];
  for (const [value, divisor, expected] of rows) {
    const divide = value?.member("DivideBy");
    assert.equal(divide && "call" in divide && String(divide.call([divisor])), expected);
  }
});

Deno.test("templates that cannot be read or run say where", () => {
  const rows: [string, string][] = [
    ["{{.Name", "template: A:1: unclosed action"],
    ["x\n{{if .Name}}", "template: A:2: unexpected EOF"],
    ["{{end}}", "template: A:1: unexpected {{end}}"],
    ["{{if .A}}{{else}}{{else}}{{end}}", "template: A:1: expected end; found {{else}}"],
    ["{{}}", "template: A:1: missing value for command"],
    ["{{if}}{{end}}", "template: A:1: missing value for if"],
    ["{{nope}}", 'template: A:1: function "nope" not defined'],
    ["{{.Name | }}", "template: A:1: missing value for command"],
    ['{{define "x"}}{{end}}', "template: A:1: {{define}} is not supported"],
    [
      "{{ .Unset.Nope }}",
      `template: A:1:3: executing "A" at <.Unset.Nope>: can't evaluate field Nope in type cgroups.Value`,
    ],
    [
      "{{.Peak.DivideBy .Stat.nope}}",
      'template: A:1:17: executing "A" at <.Stat.nope>: invalid value; expected cgroups.Value',
    ],
    [
      "\n {{index .List 2}}",
      'template: A:2:3: executing "A" at <index>: error calling index: index out of range: 2',
    ],
    ["{{$x}}", 'template: A:1:2: executing "A" at <$x>: undefined variable "$x"'],
  ];
  for (const [template, message] of rows) {
    assert.throws(() => render(template), { name: "CliError", message }, template);
  }
});

Deno.test("printf formats as Go's does, and says in the text what does not fit", () => {
  const rows: [string, unknown[], string][] = [
    ["%6s|%-6s|%.2s", ["ab", "ab", "abc"], "    ab|ab    |ab"],
    ["%7d|%-3d|%03d|%+d", [12n, 5n, 7n, 3n], "     12|5  |007|+3"],
    ["%5.1f%%", [12.345], " 12.3%"],
    ["%q %v %t", ["a\n", undefined, true], '"a\\n" <nil> true'],
    ["%6s", [undefined], "%!s(<nil>)"],
    ["%d", ["x"], "%!d(string=x)"],
    ["%s", [], "%!s(MISSING)"],
    ["done", [1n], "done%!(EXTRA int=1)"],
    ["%3s", [["a", "b"]], "[  a   b]"],
  ];
  for (const [format, args, expected] of rows) assert.equal(goPrintf(format, args), expected);
});
