import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { InspectEvent } from "../../../emulator/inspect/page/types";
import { chat, counts, describePage, messages, numbered } from "./pageBench";
import { eventOf, stateOf } from "./scenario";

describePage("somebody at the inspector's page", ({ fake, open, complaints }) => {
    it("filters by text, kind, failures, user and connection, and tells when nothing passes", async () => {
        const page = await open(chat());
        await counts(page, "10 events");
        await page.keyboard.press("/");
        await page.keyboard.type("5 letters");
        await counts(page, "1 of 10 events");
        await page.fill("#filter", "no such text");
        await page.waitForSelector("text=No event passes the filter");
        await page.click("text=Clear the filter");
        await counts(page, "10 events");
        await page.click("#failures");
        await counts(page, "2 of 10 events");
        await page.click("#failures");
        await page.selectOption("#by-kind", "function");
        await counts(page, "1 of 10 events");
        await page.selectOption("#by-kind", "");
        await page.fill("#by-event", "message");
        await counts(page, "7 of 10 events");
        await page.fill("#by-event", "");
        await page.click(".events .row[data-key='2']");
        await page.click("#detail button.link:text-is('Fb3pXzQ1kqvTNsdAAAB')");
        assert.equal(await page.inputValue("#by-connection"), "Fb3pXzQ1kqvTNsdAAAB");
        await page.click("#tab-connections");
        await page.locator(".connection-rows .row", { hasText: "bob" }).locator("text=Events").click();
        await page.waitForSelector("#timeline:not([hidden])");
        await counts(page, "0 of 10 events");
    });

    it("offers the hub that a SignalR trigger names, although the service has no client yet", async () => {
        const state = stateOf(Date.now());
        const page = await open([
            {
                type: "state",
                state: {
                    ...state,
                    services: state.services.map((service) => ({ ...service, product: "signalr", hubs: [] })),
                    apps: state.apps.map((app) => ({
                        ...app,
                        functions: [{ name: "on", trigger: "signalRTrigger", state: "running", hub: "rooms" }],
                    })),
                },
            },
        ]);
        await page.click("#tab-try-it");
        for (const list of ["send-hubs", "client-hubs"]) {
            await page.waitForFunction(
                (id) => (document.querySelector(`input[list=${id}]`) as HTMLInputElement).value === "rooms",
                list,
            );
        }
    });

    it("serves the keyboard alone", async () => {
        const page = await open(chat());
        await page.keyboard.press("p");
        await page.waitForSelector("#pause[aria-pressed=true]");
        fake().say(messages([eventOf({ id: 11, start: Date.now() })]));
        await page.waitForSelector("text=Paused, 1 new");
        await counts(page, "10 events");
        await page.keyboard.press("p");
        await counts(page, "11 events");
        const list = page.locator(".events .rows");
        await list.focus();
        await page.keyboard.press("ArrowDown");
        await page.keyboard.press("ArrowDown");
        const active = await list.getAttribute("aria-activedescendant");
        assert.equal(await page.locator(`[id="${active}"]`).getAttribute("data-key"), "10");
        await page.keyboard.press("Enter");
        await page.waitForSelector("#detail:not([hidden])");
        await page.keyboard.press("ArrowDown");
        await page.waitForSelector(".detail-head h2:text-is('typing')");
        await page.keyboard.press("Escape");
        await page.waitForSelector("#detail", { state: "hidden" });
        assert.equal(await list.evaluate((element) => element === document.activeElement), true);
        await page.keyboard.press("4");
        await page.waitForSelector("#deployment:not([hidden])");
        await page.keyboard.press("ArrowLeft");
        await page.waitForSelector("#try-it:not([hidden])");
        await page.keyboard.press("?");
        await page.waitForSelector("dialog[open]");
        await page.keyboard.press("Escape");
        await page.waitForSelector("dialog", { state: "hidden" });
        // A key that somebody types into a field is a letter.
        await page.keyboard.press("/");
        await page.keyboard.type("p4?");
        assert.equal(await page.inputValue("#filter"), "p4?");
        await page.waitForSelector("#timeline:not([hidden])");
    });

    it("saves the events that it shows as JSON", async () => {
        const page = await open(chat());
        await page.click("#failures");
        const [download] = await Promise.all([page.waitForEvent("download"), page.click("#export")]);
        assert.match(download.suggestedFilename(), /^inspector-.*\.json$/);
        const { version, events } = JSON.parse(readFileSync(await download.path(), "utf8"));
        assert.deepEqual([version, events.map(({ id }: InspectEvent) => id)], [1, [9, 10]]);
    });

    it("goes on after the last event when the stream breaks, and says when the inspector has ended", async () => {
        const page = await open(messages(numbered(1, 5)));
        await counts(page, "5 events");
        complaints.splice(0);
        fake().breakStreams();
        await page.waitForSelector("#trouble:has-text('Trying again')");
        await page.waitForSelector('#link[data-state="live"]');
        assert.deepEqual(fake().streams, [0, 5]);
        fake().say(messages(numbered(6, 7)));
        await counts(page, "7 events");
        fake().end();
        await page.waitForSelector("#trouble:has-text('Open the address that the terminal prints')");
        await page.waitForSelector('#link[data-state="ended"]');
        // The browser itself complains about a stream that broke and a call that was refused.
        complaints.splice(0);
    });

    it("shows that events are missing for as long as the list has the gap", async () => {
        const page = await open(messages(numbered(1, 5)));
        await counts(page, "5 events");
        assert.equal(await page.locator("#lost").isVisible(), false);
        fake().say([{ type: "lost", count: 340 }, ...messages(numbered(400, 401))]);
        await page.waitForSelector("#lost:text-is('340 missing')");
        await counts(page, "7 events");
        fake().say([{ type: "lost", count: 2 }]);
        await page.waitForSelector("#lost:text-is('342 missing')");
        const [ground, ink] = await page
            .locator("#lost")
            .evaluate((element) => [getComputedStyle(document.body).backgroundColor, getComputedStyle(element).color]);
        assert.notEqual(ground, ink);
        await page.click("#clear");
        await page.waitForSelector("#lost", { state: "hidden" });
    });

    it("says that it came back too late for all events", async () => {
        const page = await open(messages(numbered(1, 5)));
        await counts(page, "5 events");
        complaints.splice(0);
        fake().breakStreams();
        fake().say([{ type: "lost" }, ...messages(numbered(900, 901))]);
        await page.waitForSelector("#lost:text-is('Some missing')");
        await counts(page, "7 events");
        complaints.splice(0);
    });

    it("sends, closes and breaks through the inspector's actions, and shows why one failed", async () => {
        const page = await open(chat());
        await page.click("#tab-try-it");
        const card = (title: string) => page.locator(`#try-it .card[aria-label="${title}"]`);
        fake().answer = { result: { count: 3 } };
        await card("Send").locator("select").nth(1).selectOption("group");
        await card("Send").getByLabel("Name", { exact: true }).fill("tea");
        await card("Send").getByLabel("Event").fill("news");
        await card("Send").getByLabel("Arguments").fill('["hello", {"a": 1}]');
        await card("Send").locator("button").click();
        await card("Send").locator("output:has-text('Sent to 3 connections.')").waitFor();
        fake().answer = { error: "The app is not running." };
        await card("Call a function").getByLabel("Body").fill("x");
        await card("Call a function").locator("button").click();
        await card("Call a function").locator("output[data-failed]:has-text('The app is not running.')").waitFor();
        fake().answer = {};
        await card("Break things").locator("select").first().selectOption("slow");
        await card("Break things").locator("button[type=submit]").click();
        await card("Break things").locator("output:has-text('mend')").first().waitFor();
        await page.click("#tab-connections");
        await page.locator(".connection-rows .row", { hasText: "ann" }).locator("text=Close").click();
        await page.waitForSelector("#toast:has-text('Closed.')");
        const service = "/subscriptions/0000/chat-dev";
        assert.deepEqual(fake().actions, [
            { do: "send", service, hub: "chat", to: { group: "tea" }, event: "news", data: ["hello", { a: 1 }] },
            { do: "call", app: "app", function: "negotiate", method: "GET", path: "/api/negotiate", body: "x" },
            { do: "fault", kind: "slow", target: service, value: 300 },
            { do: "close", service: "chat-dev", hub: "chat", connection: "Fb3pXzQ1kqvTNsdAAAB" },
        ]);
        complaints.splice(0);
    });

    it("shows a secret of the deployment only on a click, and names references that are not resolved", async () => {
        const page = await open(chat());
        await page.click("#tab-deployment");
        await page.waitForSelector("#deployment-summary:has-text('1 reference not resolved')");
        await page.locator(".node", { hasText: "WebAppApplicationSettings" }).click();
        await page.waitForSelector("#resource:has-text(\"has no secret 'translator'\")");
        assert.equal((await page.textContent("#resource"))?.includes("value of ADMIN_PASSWORD"), false);
        await page.click("[aria-label='Show ADMIN_PASSWORD']");
        await page.waitForSelector("#resource code:text-is('value of ADMIN_PASSWORD')");
        await page.click("[aria-label='Show ADMIN_PASSWORD']");
        await page.waitForSelector("#resource code:text-is('••••••••')");
    });
});
