// Reads the components' schema from their types, as Pulumi's analyzer sees them, and writes it to a file or to standard output.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ComponentProvider, getPulumiComponents } from "@pulumi/pulumi/provider/experimental/provider";
import * as library from "../components";

async function analyze([file]: string[]): Promise<void> {
    const components = getPulumiComponents(library);
    const provider = new ComponentProvider({ name: "azure-realtime", dirname: join(__dirname, ".."), components });
    // The plugin adds what package.json says of the release.
    const { version, description, ...schema } = JSON.parse(await provider.getSchema()) as Record<string, unknown>;
    const text = `${JSON.stringify(schema, undefined, 2)}\n`;
    if (file === undefined) {
        process.stdout.write(text);
    } else {
        writeFileSync(file, text);
    }
}

void analyze(process.argv.slice(2));
