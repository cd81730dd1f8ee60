// Checks a Teams app manifest, and what it says in another language, against Microsoft's own schemas.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);
const Ajv = require("ajv-draft-04").default ?? require("ajv-draft-04");
const formats = require("ajv-formats").default ?? require("ajv-formats");
const folder = join(dirname(require.resolve("@microsoft/app-manifest")), "json-schemas", "teams");

const asked = JSON.parse(readFileSync(0, "utf8"));
const faults = [];
for (const [name, value] of Object.entries(asked.files)) {
  const schema = JSON.parse(readFileSync(join(folder, `v${asked.version}`, name), "utf8"));
  const ajv = new Ajv({ strict: false, allErrors: true, allowUnionTypes: true, unicodeRegExp: false });
  formats(ajv);
  const check = ajv.compile(schema);
  if (!check(value)) {
    faults.push(...check.errors.map((e) => `${name}${e.instancePath}: ${e.message}`));
  }
}
console.log(JSON.stringify(faults));
