/** Endpoint strings, as in the table of spec/client.md 3.5. */

import assert from "node:assert/strict";
import { joinHostPort, parseEndpoint } from "../../core/client/endpoint.ts";

/** spec/client.md, 3.5: what is written, and what is dialled. */
const endpoints: [string, string][] = [
  ["123.123.123.123", "123.123.123.123:50000"],
  ["https://111.111.222.222:444", "111.111.222.222:444"],
  ["https://www.somecompany.com", "www.somecompany.com:443"],
  ["https://[be4d::f7be]", "[be4d::f7be]:443"],
  ["grpc://222.22.2.1", "222.22.2.1:50000"],
  ["grpc://[794b::7c]:111", "[794b::7c]:111"],
  ["2001:db8:0:0:0:ff00:42:8329", "[2001:db8:0:0:0:ff00:42:8329]:50000"],
  ["[2001:db8:4006:812::200e]:8080", "[2001:db8:4006:812::200e]:8080"],
  ["[::1]", "[::1]:50000"],
  ["localhost:890", "localhost:890"],
  ["name", "name:50000"],
  ["name:1", "name:1"],
  ["http://127.0.0.2:50000", "127.0.0.2:50000"],
  ["https://h/path?query", "h:443"],
  [":50000", "localhost:50000"],
];

for (const [text, dialled] of endpoints) {
  Deno.test(`the endpoint ${text} is dialled as ${dialled}`, () => {
    const { host, port } = parseEndpoint(text);

    assert.equal(joinHostPort(host, port), dialled);
  });
}
