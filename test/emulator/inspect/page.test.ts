import assert from "node:assert/strict";
import type { InspectEvent } from "../../../emulator/inspect/page/types";
import { chat, counts, describePage, messages, numbered } from "./pageBench";
import { eventOf, stateOf } from "./scenario";

const markup = '<img src=x onerror="document.title = 1"><b id="evil">bold</b>';

describePage("the inspector's page", ({ fake, open }) => {
    it("shows 10,000 events with the elements of one screen, and keeps the newest", async () => {
        const page = await open(messages(numbered(1, 10_000)));
        await counts(page, "10,000 events");
        const rows = () => page.locator(".events .row").count();
        // 760 pixels hold 27 rows of 28 pixels; some more lie above and below.
        assert.ok((await rows()) <= 40, `${await rows()} rows`);
        assert.equal(await page.locator(".events .row[aria-posinset='1']").getAttribute("data-key"), "10000");
        await page.locator(".events .rows").focus();
        await page.keyboard.press("End");
        await page.waitForSelector(".events .row[data-key='1']");
        assert.ok((await rows()) <= 40, `${await rows()} rows at the end`);
        const longest = await page.evaluate(() => {
            const list = document.querySelector(".events .rows") as HTMLElement;
            let longest = 0;
            return new Promise<number>((resolve) => {
                let last = performance.now();
                let frames = 0;
                const step = (now: number) => {
                    longest = Math.max(longest, now - last);
                    last = now;
                    list.scrollTop -= 2000;
                    frames++ < 30 ? requestAnimationFrame(step) : resolve(longest);
                };
                requestAnimationFrame(step);
            });
        });
        assert.ok(longest < 500, `a frame took ${longest} ms`);
        fake().say(messages(numbered(10_001, 10_500)));
        await page.keyboard.press("Home");
        await page.waitForSelector(".events .row[data-key='10500']");
        await counts(page, "10,000 events");
        await page.keyboard.press("End");
        await page.waitForSelector(".events .row[data-key='501']");
        assert.equal(await page.locator(".events .row[data-key='500']").count(), 0);
    });

    it("keeps the rows in their place when events arrive while somebody reads further below", async () => {
        const page = await open(messages(numbered(1, 500)));
        await counts(page, "500 events");
        await page.locator(".events .rows").evaluate((list) => {
            list.scrollTop = 2800;
        });
        await page.waitForSelector(".events .row[data-key='400']");
        const place = async () => (await page.locator(".events .row[data-key='390']").boundingBox())?.y;
        const before = await place();
        fake().say(messages(numbered(501, 600)));
        await counts(page, "600 events");
        assert.equal(await place(), before);
    });

    it("shows what clients wrote as text, in every view", async () => {
        const event: Partial<InspectEvent> = { name: markup, user: markup, data: markup, message: markup, fix: markup };
        const state = JSON.parse(
            JSON.stringify(stateOf(Date.now())).replaceAll('"chat-dev', `${JSON.stringify(markup).slice(0, -1)}`),
        );
        const page = await open([
            { type: "state", state },
            ...messages([
                eventOf({ id: 1, ...event, group: markup, url: markup, headers: { [markup]: markup } }),
                eventOf({ id: 2, ...event, kind: "why" }),
            ]),
        ]);
        for (const id of ["1", "2"]) {
            await page.click(`.events .row[data-key='${id}']`);
            assert.ok((await page.textContent("#detail"))?.includes(markup));
        }
        for (const view of ["connections", "try-it", "deployment"]) {
            await page.click(`#tab-${view}`);
            assert.ok((await page.textContent(`#${view}`))?.includes(markup), view);
        }
        await page.locator(".node").first().click();
        assert.equal(await page.locator("#evil, img").count(), 0);
        assert.notEqual(await page.title(), "1");
    });

    it("joins the steps of a trace, and opens each of them", async () => {
        const page = await open(chat());
        await page.click(".events .row[data-kind='broadcast']");
        assert.deepEqual(await page.locator(".step .kind").allTextContents(), [
            "client event",
            "upstream",
            "function",
            "log",
            "REST call",
            "broadcast",
            "ack",
        ]);
        assert.equal(await page.locator(".step[aria-current]").count(), 1);
        assert.equal(await page.locator(".events .row[data-kin]").count(), 7);
        await page.locator(".step", { hasText: "upstream" }).click();
        await page.waitForSelector(".detail-head h2:text-is('message')");
        await page.click("summary");
        await page.waitForSelector("#detail dd:text-is('azure.webpubsub.user.message')");
    });

    it("draws the end of a step that ran when it was opened", async () => {
        const page = await open(messages([eventOf({ id: 1, kind: "function", name: "slow", trace: "a" })]));
        await page.click(".events .row");
        await page.waitForSelector(".step:has-text('running')");
        fake().say(
            messages([eventOf({ id: 1, kind: "function", name: "slow", trace: "a", duration: 750, outcome: "ok" })]),
        );
        await page.waitForSelector(".step:has-text('750 ms')");
        await page.waitForSelector(".events .row:has-text('750 ms')");
    });

    it("says in red why something did not happen, and what to change", async () => {
        const page = await open(chat());
        await page.click(".events .row[data-kind='why']");
        assert.match((await page.textContent(".why")) ?? "", /No event handler.*userEventPattern/s);
        // The client's event of the same trace tells the same.
        await page.click(".events .row[data-key='9']");
        await page.waitForSelector(".why:has-text('userEventPattern')");
    });

    it("shows where the focus is on everything that takes it", async () => {
        const page = await open(chat());
        const seen = new Set<string>();
        for (let count = 0; count < 30; count++) {
            await page.keyboard.press("Tab");
            const [name, outline] = await page.evaluate(() => {
                const element = document.activeElement as HTMLElement;
                return [element.id || element.className, getComputedStyle(element).outlineStyle];
            });
            if (name === "" || seen.has(name)) {
                break;
            }
            seen.add(name);
            assert.equal(outline, "solid", `the focus on ${name} cannot be seen`);
        }
        const order = [...seen];
        const expected = ["tab-timeline", "keys-button", "filter", "failures", "pause", "export", "rows"];
        assert.deepEqual(
            order.filter((name) => expected.includes(name)),
            expected,
            order.join(" "),
        );
    });

    for (const colorScheme of ["light", "dark"] as const) {
        it(`fits a phone, and can be read in ${colorScheme}`, async () => {
            const page = await open(chat(), { viewport: { width: 360, height: 640 }, colorScheme });
            const fits = async (what: string) => {
                const wide = await page.evaluate(() =>
                    [...document.querySelectorAll("body *")]
                        .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
                        // What an ellipsis or a list of options cuts is not wide.
                        .filter((element) => !element.closest(".row, .step, option, .canvas svg, .hidden"))
                        .map((element) => element.outerHTML.slice(0, 80)),
                );
                assert.deepEqual(wide, [], what);
            };
            await fits("the timeline");
            await page.click("#more-filters");
            await fits("the filters");
            await page.click(".events .row[data-key='2']");
            await fits("the detail");
            const contrast = await page.evaluate(() => {
                const luminance = (color: string) => {
                    const parts = (color.match(/[\d.]+/g) ?? []).slice(0, 3).map((part) => Number(part) / 255);
                    const [red = 0, green = 0, blue = 0] = parts.map((part) =>
                        part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4,
                    );
                    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
                };
                const groundOf = (element: Element): string => {
                    const ground = getComputedStyle(element).backgroundColor;
                    const isClear = ground === "rgba(0, 0, 0, 0)";
                    return isClear && element.parentElement ? groundOf(element.parentElement) : ground;
                };
                return [...document.querySelectorAll("#detail *, .events .row *, .bar *")]
                    .filter((element) =>
                        [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim()),
                    )
                    .map((element) => {
                        const [a, b] = [luminance(getComputedStyle(element).color), luminance(groundOf(element))];
                        const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
                        return { ratio, text: `${element.className} ${element.textContent}` };
                    })
                    .filter(({ ratio }) => ratio < 4.5);
            });
            // Source: WCAG 2.2, 1.4.3: normal text has a contrast of 4.5 to 1.
            assert.deepEqual(contrast, []);
            await page.keyboard.press("Escape");
            for (const view of ["connections", "try-it", "deployment"]) {
                await page.click(`#tab-${view}`);
                await fits(view);
            }
            await page.locator(".node", { hasText: "WebAppApplicationSettings" }).click();
            await fits("a resource");
        });
    }

    it("says what to do where there is nothing", async () => {
        const page = await open([
            { type: "state", state: { ...stateOf(0), services: [], apps: [], connections: [], deployment: undefined } },
        ]);
        await page.waitForSelector("text=Nothing has happened yet");
        await page.click("#no-events >> text=Try it");
        await page.waitForSelector("#try-it:not([hidden])");
        await page.click("#tab-connections");
        await page.waitForSelector("text=No client is connected");
        await page.click("#tab-deployment");
        await page.waitForSelector("text=npx azure-realtime start");
    });
});
