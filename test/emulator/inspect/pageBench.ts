import assert from "node:assert/strict";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import type { InspectEvent, InspectMessage } from "../../../emulator/inspect/page/types";
import { openBrowser } from "../../support/browser";
import { type FakeInspector, openFakeInspector } from "./fakeInspector";
import { eventOf, scenario, stateOf } from "./scenario";

export interface PageBench {
    /** The inspector of the test that runs. */
    fake(): FakeInspector;
    /** Opens the page on an inspector that has said these messages. */
    open(said: InspectMessage[], options?: BrowserContextOptions): Promise<Page>;
    /** The browser's complaints so far. A test that leaves one fails. */
    complaints: string[];
}

export const messages = (events: InspectEvent[]): InspectMessage[] => events.map((event) => ({ type: "event", event }));

export const numbered = (from: number, to: number): InspectEvent[] =>
    Array.from({ length: to - from + 1 }, (_, index) => eventOf({ id: from + index }));

/** A chat with three clients, one message, and one event that nobody handles. */
export function chat(now = Date.now()): InspectMessage[] {
    return [{ type: "state", state: stateOf(now) }, ...messages(scenario(now))];
}

/** Waits until the timeline says how much it shows. */
export const counts = (page: Page, text: string) => page.waitForSelector(`#count:text-is("${text}")`);

/** Describes the page in a real browser. Skips the tests where there is none. */
export function describePage(title: string, tests: (bench: PageBench) => void): void {
    describe(title, function () {
        this.timeout(30_000);
        let browser: Browser | undefined;
        let fake: FakeInspector;
        const complaints: string[] = [];
        const contexts: { close(): Promise<void> }[] = [];

        before(async function () {
            browser = await openBrowser();
            if (browser === undefined) {
                this.skip();
            }
        });
        beforeEach(async () => {
            fake = await openFakeInspector();
        });
        afterEach(async () => {
            await Promise.all(contexts.splice(0).map((context) => context.close()));
            await fake.close();
            assert.deepEqual(complaints.splice(0), [], "the browser's console");
        });
        after(() => browser?.close());

        tests({
            fake: () => fake,
            complaints,
            async open(said, options = {}) {
                fake.say(said);
                const viewport = { width: 1280, height: 760 };
                const context = await (browser as Browser).newContext({ viewport, ...options });
                contexts.push(context);
                const page = await context.newPage();
                page.setDefaultTimeout(10_000);
                page.on("pageerror", (error) => complaints.push(error.message));
                page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
                await page.goto(fake.url);
                await page.waitForSelector('#link[data-state="live"]');
                return page;
            },
        });
    });
}
