import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { PackageSchema } from "../../docs/generate/packageSchema";
import { repositoryRoot } from "./registeredFunctions";

/** The stored schema; `test/components/schema.test.ts` compares it with the schema of the code. */
export function readStoredSchema(): PackageSchema {
    return JSON.parse(readFileSync(join(repositoryRoot, "plugin/schema.json"), "utf8")) as PackageSchema;
}
