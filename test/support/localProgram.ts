import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RealtimeExtension } from "../../components";
import { type LocalAzure, type LocalAzureOptions, startLocalAzure } from "../../local/testing";
import { repositoryRoot } from "./registeredFunctions";

const templates = join(repositoryRoot, "templates/apps");

/** A Pulumi program in a folder of this repository, with a small app beside it, on a local Azure of its own. */
export interface LocalProgram {
    folder: string;
    /** Replaces the program. `COMPONENTS` stands for this library. */
    write(program: string): void;
    start(options?: Partial<LocalAzureOptions>): Promise<LocalAzure>;
    close(): Promise<void>;
}

/** Makes a folder whose `app` is the template of one service: negotiate, a page, and a message that goes to everybody. */
export function createLocalProgram(extension: RealtimeExtension, program: string): LocalProgram {
    mkdirSync(join(repositoryRoot, ".azure-realtime/tests"), { recursive: true });
    const folder = mkdtempSync(join(repositoryRoot, ".azure-realtime/tests/program-"));
    const open: LocalAzure[] = [];
    const write = (text: string) =>
        writeFileSync(
            join(folder, "index.ts"),
            text.replaceAll("COMPONENTS", JSON.stringify(join(repositoryRoot, "components"))),
        );
    writeFileSync(join(folder, "Pulumi.yaml"), "name: fixture\nruntime: nodejs\n");
    writeFileSync(join(folder, "package.json"), '{ "main": "index.ts" }');
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ extends: join(repositoryRoot, "tsconfig.json") }));
    cpSync(join(templates, "common"), join(folder, "app"), { recursive: true });
    cpSync(join(templates, extension), join(folder, "app"), { recursive: true });
    write(program);
    return {
        folder,
        write,
        async start(options = {}) {
            const azure = await startLocalAzure({ project: folder, ...options });
            open.push(azure);
            return azure;
        },
        async close() {
            for (const azure of open) {
                await azure.close();
            }
            rmSync(folder, { recursive: true, force: true });
        },
    };
}
