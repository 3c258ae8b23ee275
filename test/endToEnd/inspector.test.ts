import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { type RunningStack, runStack } from "../../local/run";
import { openBrowser } from "../support/browser";
import { reads, write } from "../support/chatPage";
import { startProgramHere } from "../support/programHere";
import { repositoryRoot } from "../support/registeredFunctions";
import { shrinkPng } from "../support/smallPng";

const images = join(repositoryRoot, "docs/images");
const takesPictures = process.env.UPDATE_SCREENSHOTS === "1";
const mostBytes = 120_000;

describe("the inspector of a running stack", function () {
    this.timeout(90_000);
    const folder = mkdtempSync(join(tmpdir(), "inspector-"));
    const complaints: string[] = [];
    let browser: Browser | undefined;
    let stack: RunningStack | undefined;
    let inspector: Page;
    let ann: Page;

    before(async function () {
        browser = await openBrowser();
        if (browser === undefined) {
            this.skip();
        }
        stack = await runStack({
            projectDir: repositoryRoot,
            stack: "local",
            folder,
            startProgram: startProgramHere,
            inspector: {},
        });
        inspector = await open(String(stack.emulator?.inspector?.url));
        await inspector.waitForSelector('#link[data-state="live"]');
        ann = await chat("ann");
    });
    after(async () => {
        await browser?.close();
        await stack?.close();
        rmSync(folder, { recursive: true, force: true });
    });
    afterEach(() => assert.deepEqual(complaints.splice(0), [], "the browser's console"));

    async function open(url: string, options: BrowserContextOptions = {}): Promise<Page> {
        const context = await (browser as Browser).newContext({ viewport: { width: 1120, height: 600 }, ...options });
        const page = await context.newPage();
        page.setDefaultTimeout(15_000);
        page.on("pageerror", (error) => complaints.push(error.message));
        page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
        await page.goto(url);
        return page;
    }

    async function chat(name: string): Promise<Page> {
        const page = await open(String(stack?.outputs.pageUrl));
        await page.fill("#name", name);
        await page.click("#enter button");
        await page.waitForSelector("[data-state=online]");
        return page;
    }

    async function picture(page: Page, name: string): Promise<void> {
        if (takesPictures) {
            const path = join(images, `${name}.png`);
            const png = shrinkPng(await page.screenshot());
            assert.ok(png.length < mostBytes, `${path} would have ${png.length} bytes`);
            writeFileSync(path, png);
        }
    }

    const card = (title: string) => inspector.locator(`#try-it .card[aria-label="${title}"]`);
    const row = (kind: string, text: string) =>
        inspector.locator(`.events .row[data-kind="${kind}"]`, { hasText: text }).first();

    it("shows a message on its way from one client through the app to the others", async () => {
        const bob = await chat("bob");
        await ann.waitForSelector("#log >> text=bob joined");
        await write(bob, "Is anybody here?");
        await reads(ann, "Is anybody here?");
        await write(ann, "Yes, and I see your message in the inspector.");
        await reads(bob, "Yes, and I see your message in the inspector.");
        await inspector.fill("#by-event", "message");
        await row("clientEvent", "message").click();
        for (const kind of ["client event", "upstream", "function", "REST call", "broadcast", "ack"]) {
            await inspector.locator(".step .kind", { hasText: kind }).first().waitFor();
        }
        await row("broadcast", "2 clients").waitFor();
        await picture(inspector, "inspector");
        await picture(ann, "chat");
        await inspector.keyboard.press("Escape");
        await inspector.fill("#by-event", "");
        await bob.context().close();
    });

    it("talks as a test client, and says in red why nobody handles its event", async () => {
        await inspector.click("#tab-try-it");
        await card("Test client").getByLabel("User").fill("tester");
        await card("Test client").locator("button[type=submit]", { hasText: "Connect" }).click();
        const client = inspector.locator(".client").first();
        await client.locator(".pill:text-is('connected')").waitFor();
        await client.getByLabel("Event").fill("message");
        await client.getByLabel("Data").fill("<b>from the inspector</b>");
        await client.locator("button", { hasText: "Send" }).click();
        await reads(ann, "<b>from the inspector</b>");
        await client.getByLabel("Event").fill("no such event");
        await client.locator("button", { hasText: "Send" }).click();
        await inspector.locator("#try-it").evaluate((view) => view.scrollTo(0, 0));
        await inspector.setViewportSize({ width: 1120, height: 780 });
        await picture(inspector, "inspector-try-it");
        await inspector.setViewportSize({ width: 1120, height: 600 });
        await inspector.keyboard.press("Escape");
        await inspector.click("#tab-timeline");
        await inspector.click("#failures");
        await row("why", "tester").click();
        assert.match((await inspector.textContent(".why")) ?? "", /Fix: /);
        await picture(inspector, "inspector-why-not");
        await inspector.keyboard.press("Escape");
        await inspector.click("#failures");
    });

    it("sends as the app does, and lists and closes the connections", async () => {
        await inspector.click("#tab-try-it");
        await card("Send").getByLabel("Event").fill("message");
        await card("Send")
            .getByLabel("Arguments")
            .fill('[{"from": "the inspector", "socketId": "x", "text": "to all"}]');
        await card("Send").locator("button").click();
        await reads(ann, "to all");
        await inspector.click("#tab-connections");
        const tester = inspector.locator(".connection-rows .row", { hasText: "tester" });
        await tester.waitFor();
        await picture(inspector, "inspector-connections");
        await tester.locator("text=Close").click();
        await tester.waitFor({ state: "detached" });
    });

    it("calls a function with the app's own key", async () => {
        await inspector.click("#tab-try-it");
        await card("Call a function").locator("select").nth(1).selectOption("negotiate");
        await card("Call a function").getByLabel("Path").fill("/api/negotiate?userId=called");
        await card("Call a function").locator("button").click();
        await card("Call a function").locator("output:has-text('Answered 200.')").waitFor();
    });

    it("breaks the handler until somebody mends it", async () => {
        await card("Break things").locator("button[type=submit]").click();
        await card("Break things").locator("button", { hasText: "Mend" }).waitFor();
        await write(ann, "to nobody");
        await inspector.click("#tab-timeline");
        await row("upstream", "500").waitFor();
        await inspector.click("#broken");
        await card("Break things").locator("button", { hasText: "Mend" }).click();
        await inspector.waitForSelector("#broken", { state: "hidden" });
        await write(ann, "again to all");
    });

    it("shows the deployment, and a secret setting only on a click", async () => {
        await inspector.click("#tab-deployment");
        await inspector.waitForSelector("#deployment-summary:has-text('created')");
        await inspector.locator(".node", { hasText: "WebAppApplicationSettings" }).click();
        await inspector.waitForSelector("#resource:has-text('AzureWebJobsSecretStorageType')");
        assert.ok((await inspector.locator(".node").count()) > 30);
        await inspector.waitForSelector("#deployment-summary:has-text('1 reference resolved')");
        await inspector.setViewportSize({ width: 1400, height: 640 });
        await inspector.waitForSelector("#toast", { state: "hidden" });
        await picture(inspector, "inspector-deployment");
    });

    it("looks well in the dark and on a phone", async () => {
        const url = inspector.url();
        const dark = await open(url, { colorScheme: "dark" });
        await dark.fill("#by-event", "message");
        await dark.locator(".events .row[data-kind='clientEvent']", { hasText: "message" }).first().click();
        await picture(dark, "inspector-dark");
        const phone = await open(url, { viewport: { width: 360, height: 640 } });
        await phone.waitForSelector(".events .row");
        assert.ok((await phone.evaluate(() => document.documentElement.scrollWidth)) <= 360);
        await picture(phone, "inspector-phone");
    });

    it("gives nothing without its token", async () => {
        const url = new URL(inspector.url());
        url.search = "";
        assert.equal((await fetch(url)).status, 403);
        assert.equal((await fetch(new URL("/api/state", url))).status, 401);
    });
});
