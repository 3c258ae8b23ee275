import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readPackageSchema } from "../../test/support/plugin";
import { recordStack, stackVariants } from "../../test/support/recorder";
import { graphPage } from "./graph";
import { referencePages, type Schema } from "./reference";
import { supportFile, supportPage } from "./support";

const docs = join(__dirname, "..");

/** Writes every page that is made from the code. */
async function writePages(): Promise<void> {
    const pages = referencePages((await readPackageSchema()) as unknown as Schema);
    const reference = join(docs, "reference");
    rmSync(reference, { recursive: true, force: true });
    mkdirSync(reference);
    for (const [name, text] of Object.entries(pages)) {
        writeFileSync(join(reference, name), text);
    }
    writeFileSync(supportFile, supportPage());
    const variant = stackVariants[0];
    if (variant !== undefined) {
        writeFileSync(
            join(docs, "resource-graph.md"),
            graphPage({ resources: await recordStack(variant), stack: variant.stack }),
        );
    }
    console.log(`Wrote ${Object.keys(pages).length} reference pages and the resource graph.`);
}

writePages().catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
});
