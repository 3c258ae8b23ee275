import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { type RunningStack, runStack } from "../../local/run";
import { openBrowser } from "./browser";
import { startProgramHere } from "./programHere";
import { repositoryRoot } from "./registeredFunctions";

export interface ChatPages {
    /** Opens the page in a new browser profile and joins the chat. */
    enter(name: string): Promise<Page>;
}

// One browser serves all stacks of a file. The last of them closes it.
let shared: Promise<Browser | undefined> | undefined;
let users = 0;

/** Describes the page of one stack's chat in a real browser. Skips the tests where there is no browser. */
export function describePage(
    options: { title: string; stack: string; config?: Record<string, string> },
    tests: (pages: ChatPages) => void,
): void {
    describe(options.title, function () {
        this.timeout(60_000);
        const folder = mkdtempSync(join(tmpdir(), "chat-page-"));
        const complaints: string[] = [];
        let browser: Browser | undefined;
        let stack: RunningStack | undefined;
        users++;

        before(async function () {
            shared ??= openBrowser();
            browser = await shared;
            if (browser === undefined) {
                this.skip();
            }
            stack = await runStack({
                projectDir: repositoryRoot,
                stack: options.stack,
                folder,
                startProgram: startProgramHere,
                ...(options.config && { config: options.config }),
            });
        });

        after(async () => {
            users--;
            if (users === 0) {
                await browser?.close();
                shared = undefined;
            }
            await stack?.close();
            rmSync(folder, { recursive: true, force: true });
        });

        afterEach(() => assert.deepEqual(complaints.splice(0), [], "the browser's console"));

        tests({
            async enter(name) {
                const context = await (browser as Browser).newContext();
                const page = await context.newPage();
                page.setDefaultTimeout(15_000);
                page.on("pageerror", (error) => complaints.push(error.message));
                page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
                await page.goto(String(stack?.outputs.pageUrl));
                await page.fill("#name", name);
                await page.click("#enter button");
                await page.waitForSelector("[data-state=online]");
                return page;
            },
        });
    });
}

export async function write(page: Page, text: string): Promise<void> {
    await page.fill("#text", text);
    await page.click("#write button");
}

export async function joinRoom(page: Page, room: string): Promise<void> {
    await page.fill("#room", room);
    await page.click("#join button");
    await page.waitForSelector(`#title:text-is("# ${room}")`);
}

export const reads = (page: Page, text: string) => page.waitForSelector(`#log >> text="${text}"`);

/** Two people use the page of any service: they talk to everyone, in one room, in all rooms, and in private. */
export async function twoPeopleTalk({ enter }: ChatPages): Promise<{ ann: Page; bob: Page }> {
    const ann = await enter("ann");
    await ann.waitForSelector("#log >> text=Welcome, ann");
    const bob = await enter("bob");
    await ann.waitForSelector("#log >> text=bob joined");

    await write(bob, "<b>12345</b>");
    await reads(ann, "<b>12345</b>");

    await joinRoom(ann, "tea");
    await joinRoom(bob, "tea");
    await write(bob, "earl grey");
    await reads(ann, "earl grey");

    await joinRoom(ann, "milk");
    await joinRoom(bob, "milk");
    await bob.click('#rooms >> text="All my rooms"');
    await write(bob, "in both");
    await ann.click("#rooms >> text=# tea");
    await reads(ann, "in both");
    await ann.click('text="Leave room"');
    await ann.waitForSelector('#title:text-is("Everyone")');

    await ann.click("#people >> text=bob");
    await write(ann, "psst");
    await bob.click("#people >> text=ann");
    await reads(bob, "psst");
    return { ann, bob };
}

/** Ann closes her page, and bob sees her leave. */
export async function annLeaves({ ann, bob }: { ann: Page; bob: Page }): Promise<void> {
    // As a user does who closes the tab; the context alone would close without the page's own events.
    await ann.goto("about:blank");
    await ann.context().close();
    await bob.click('#rooms >> text="Everyone"');
    await bob.waitForSelector("#log >> text=ann left");
    await bob.context().close();
}

/** An admin announces with the form that other people do not have. */
export async function adminAnnounces({ enter }: ChatPages): Promise<{ admin: Page; carol: Page }> {
    const admin = await enter("admin");
    const carol = await enter("carol");
    await admin.waitForSelector("#announce:not([hidden])");
    await admin.fill("#announce-text", "lunch is ready");
    await admin.click("#announce button");
    await carol.waitForSelector('#announcement >> text="admin: lunch is ready"');
    assert.equal(await carol.isVisible("#announce"), false);
    return { admin, carol };
}

/** A button ends a person's session with a reason, and that person can join again. */
export async function removesPerson(options: {
    admin: Page;
    carol: Page;
    button: string;
    reason: string;
}): Promise<void> {
    const { admin, carol, button, reason } = options;
    await admin.locator("#people button", { hasText: /^carol$/ }).click();
    await admin.click(`text="${button}"`);
    await carol.waitForSelector(`#door-error:has-text("${reason}")`);
    await carol.fill("#name", "carol");
    await carol.click("#enter button");
    await carol.waitForSelector("[data-state=online]");
}
