// Reads the components' schema from their types, as Pulumi's analyzer sees them, and writes it to a file or to standard output.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ComponentProvider, getPulumiComponents } from "@pulumi/pulumi/provider/experimental/provider";
import { globSync } from "tinyglobby";
import * as library from "../../../components";
import type { PackageSchema } from "../packageSchema";
import { finishSchema } from "./finish";

async function analyze([file]: string[]): Promise<void> {
    const components = getPulumiComponents(library);
    const provider = new ComponentProvider({
        name: "azure-realtime",
        dirname: join(__dirname, "../../.."),
        components,
    });
    // Leaves out version and description: the plugin takes them from package.json.
    const { version, description, ...analyzed } = JSON.parse(await provider.getSchema()) as PackageSchema &
        Record<string, unknown>;
    const files = globSync("**/*.ts", { cwd: join(__dirname, "../../../components"), absolute: true });
    const schema = finishSchema({ schema: analyzed as PackageSchema, files });
    const text = `${JSON.stringify(schema, undefined, 2)}\n`;
    if (file === undefined) {
        process.stdout.write(text);
    } else {
        writeFileSync(file, text);
    }
}

void analyze(process.argv.slice(2));
