import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { RealtimeExtension } from "../../components";

const general = "Microsoft.Azure.Functions.ExtensionBundle";

/** What the host.json of a new app says for each service. */
const bundles: Record<RealtimeExtension, { id: string; version: string }> = {
    socketio: { id: `${general}.Preview`, version: "[4.42.0, 5.0.0)" },
    webpubsub: { id: general, version: "[4.37.1, 5.0.0)" },
    signalr: { id: general, version: "[4.37.1, 5.0.0)" },
};

/** The least that deploys: a Node app with the binding of a service. */
export function smallestAppFor(extension: RealtimeExtension): Record<string, string> {
    return {
        "host.json": JSON.stringify({ version: "2.0", extensionBundle: bundles[extension] }),
        "package.json": JSON.stringify({ main: "dist/index.js" }),
        "dist/index.js": "",
    };
}

const made: string[] = [];

/** A folder with these files, gone when the tests end. */
export function functionFolder(files: Record<string, string> = smallestAppFor("socketio")): string {
    const folder = mkdtempSync(join(tmpdir(), "function-folder-"));
    made.push(folder);
    for (const [path, content] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), content);
    }
    return folder;
}

process.once("exit", () => {
    for (const folder of made) {
        rmSync(folder, { recursive: true, force: true });
    }
});
