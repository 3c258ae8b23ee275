import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { recordProgram } from "../../local/engine/recorder";
import schema from "../../plugin/schema.json";
import { bindingsFile, bindingsPage } from "./bindings";
import { graphPage } from "./graph";
import { localPropertiesFile, localPropertiesPage } from "./localProperties";
import { referencePages, type Schema } from "./reference";
import { supportFile, supportPage } from "./support";

const docs = join(__dirname, "..");
/** The stack whose resources the graph shows. */
const drawnStack = "dev";

/** Writes every page that is generated from the code. */
async function writePages(): Promise<void> {
    const pages = referencePages(schema as Schema);
    const reference = join(docs, "reference");
    rmSync(reference, { recursive: true, force: true });
    mkdirSync(reference);
    for (const [name, text] of Object.entries(pages)) {
        writeFileSync(join(reference, name), text);
    }
    writeFileSync(supportFile, supportPage());
    writeFileSync(localPropertiesFile, localPropertiesPage());
    writeFileSync(bindingsFile, bindingsPage());
    const resources = await recordProgram({ directory: join(docs, ".."), stack: drawnStack });
    writeFileSync(join(docs, "resource-graph.md"), graphPage({ resources, stack: drawnStack }));
    console.log(`Wrote ${Object.keys(pages).length} reference pages and the resource graph.`);
}

writePages().catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
});
