import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

const names = ["chromium", "chromium-browser", "google-chrome"];

/** Starts this machine's Chromium without a window. Returns undefined when there is none, or throws if CI is set to true. */
export async function openBrowser(): Promise<Browser | undefined> {
    const folders = (process.env.PATH ?? "").split(delimiter);
    const executablePath = names.flatMap((name) => folders.map((folder) => join(folder, name))).find(existsSync);
    if (executablePath === undefined) {
        if (process.env.CI === "true") {
            throw new Error(`none of ${names.join(", ")} is on the PATH, and with CI=true the page must be tested`);
        }
        return undefined;
    }
    // Chromium's sandbox needs rights that containers and root lack. The tests open only this repository's pages.
    return chromium.launch({ executablePath, args: ["--no-sandbox"] });
}
