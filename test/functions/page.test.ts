import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { type RunningStack, runStack } from "../../local/run";
import { openBrowser } from "../support/browser";
import { repositoryRoot } from "../support/registeredFunctions";

describe("the chat's page", function () {
    this.timeout(60_000);
    const folder = mkdtempSync(join(tmpdir(), "chat-page-"));
    const complaints: string[] = [];
    let browser: Browser | undefined;
    let stack: RunningStack | undefined;

    before(async function () {
        browser = await openBrowser();
        if (browser === undefined) {
            this.skip();
        }
        stack = await runStack({
            projectDir: repositoryRoot,
            stack: "local",
            folder,
            config: { "azure-realtime:heartbeatSchedule": "* * * * * *" },
        });
    });

    after(async () => {
        await browser?.close();
        await stack?.close();
        rmSync(folder, { recursive: true, force: true });
    });

    afterEach(() => assert.deepEqual(complaints.splice(0), [], "the browser's console"));

    async function enter(name: string): Promise<Page> {
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
    }

    async function write(page: Page, text: string): Promise<void> {
        await page.fill("#text", text);
        await page.click("#write button");
    }

    async function joinRoom(page: Page, room: string): Promise<void> {
        await page.fill("#room", room);
        await page.click("#join button");
        await page.waitForSelector(`#title:text-is("# ${room}")`);
    }

    const reads = (page: Page, text: string) => page.waitForSelector(`#log >> text="${text}"`);

    it("lets two people talk: to everyone, in rooms, in all rooms, to one", async () => {
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

        await ann.waitForFunction(() => document.getElementById("tick")?.textContent?.startsWith("Service time"));
        await ann.context().close();
        await bob.click('#rooms >> text="Everyone"');
        await bob.waitForSelector("#log >> text=ann left");
        await bob.context().close();
    });

    it("lets an admin announce, and tells who is sent out, with and without the connection", async () => {
        const admin = await enter("admin");
        const carol = await enter("carol");
        await admin.waitForSelector("#announce:not([hidden])");
        await admin.fill("#announce-text", "lunch is ready");
        await admin.click("#announce button");
        await carol.waitForSelector('#announcement >> text="admin: lunch is ready"');
        assert.equal(await carol.isVisible("#announce"), false);

        for (const button of ["Send out", "Cut off"]) {
            await admin.locator("#people button", { hasText: /^carol$/ }).click();
            await admin.click(`text="${button}"`);
            await carol.waitForSelector('#door-error:text-is("You were sent out of the chat")');
            await carol.fill("#name", "carol");
            await carol.click("#enter button");
            await carol.waitForSelector("[data-state=online]");
        }
        await admin.context().close();
        await carol.context().close();
    });
});
