import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

const names = ["chromium", "chromium-browser", "google-chrome"];

/** A headless Chromium of this machine; undefined when there is none, which is an error where CI is set to true. */
export async function openBrowser(): Promise<Browser | undefined> {
    const folders = (process.env.PATH ?? "").split(delimiter);
    const executablePath = names.flatMap((name) => folders.map((folder) => join(folder, name))).find(existsSync);
    if (executablePath === undefined) {
        if (process.env.CI === "true") {
            throw new Error(`none of ${names.join(", ")} is on the PATH, and with CI=true the page must be tested`);
        }
        return undefined;
    }
    // Its sandbox needs rights that containers and root do not have; the pages are our own.
    return chromium.launch({ executablePath, args: ["--no-sandbox"] });
}
