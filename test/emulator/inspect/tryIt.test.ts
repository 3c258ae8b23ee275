import assert from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { openBrowser } from "../../support/browser";
import { type ServiceBench, startBench } from "./threeServices";

const protocols = {
    webpubsub: ["json.webpubsub", "raw"],
    socketio: ["socketio"],
    signalr: ["signalr-json"],
} as const;

describe("the page's view Try it, with a real service", function () {
    this.timeout(40_000);
    let browser: Browser | undefined;
    let bench: ServiceBench;
    let page: Page;
    const complaints: string[] = [];

    before(async function () {
        browser = await openBrowser();
        if (browser === undefined) {
            this.skip();
        }
    });
    afterEach(async () => {
        await page.context().close();
        await bench.close();
        assert.deepEqual(complaints.splice(0), [], "the browser's console");
    });
    after(() => browser?.close());

    async function open(product: keyof typeof protocols): Promise<void> {
        bench = await startBench(product);
        const context = await (browser as Browser).newContext({ viewport: { width: 1280, height: 900 } });
        page = await context.newPage();
        page.setDefaultTimeout(10_000);
        page.on("pageerror", (error) => complaints.push(error.message));
        page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
        await page.goto(bench.inspector.inspector.url);
        await page.waitForSelector('#link[data-state="live"]');
        await page.click("#tab-try-it");
    }

    const card = (title: string) => page.locator(`#try-it .card[aria-label="${title}"]`);
    const client = () => page.locator(".client").first();
    const says = (text: RegExp) => client().locator(".frames li", { hasText: text }).first().waitFor();

    async function connect(protocol: string, user = "tester"): Promise<void> {
        const form = card("Test client");
        // A serverless SignalR Service knows a hub only while a client is connected to it.
        await form.locator("input[list=client-hubs]").fill(bench.hub);
        await form.getByLabel("Protocol").selectOption(protocol);
        await form.getByLabel("User").fill(user);
        await form.getByLabel("More claims").fill("plan=gold");
        if (bench.hub === "chat" && (await form.getByLabel("Roles").isVisible())) {
            await form.getByLabel("Roles").fill("webpubsub.joinLeaveGroup webpubsub.sendToGroup");
            await form.getByLabel("Groups at the start").fill("tea");
        }
        await form.locator("button[type=submit]", { hasText: "Connect" }).click();
        await client().locator(".pill:text-is('connected')").waitFor();
    }

    async function talk(fields: { type?: string; event?: string; group?: string; data?: string }): Promise<void> {
        if (fields.type !== undefined) {
            await client().getByLabel("What to do").selectOption(fields.type);
        }
        if (fields.event !== undefined) {
            await client().getByLabel("Event").fill(fields.event);
        }
        if (fields.group !== undefined) {
            await client().getByLabel("Group").fill(fields.group);
        }
        if (fields.data !== undefined) {
            await client().getByLabel("Data").fill(fields.data);
        }
        await client().locator("button", { hasText: "Send" }).click();
    }

    async function send(to: string, name: string | undefined, result: RegExp, hub = bench.hub): Promise<void> {
        const form = card("Send");
        await form.locator("input[list=send-hubs]").fill(hub);
        await form.locator("select").nth(1).selectOption(to);
        if (name !== undefined) {
            await form.getByLabel("Name", { exact: true }).fill(name);
        }
        if (await form.getByLabel("Event").isVisible()) {
            await form.getByLabel("Event").fill("news");
        }
        await form.locator("textarea").fill(`["to ${to}"]`);
        await form.locator("button").click();
        await form.locator("output", { hasText: result }).waitFor();
    }

    /** Id of the only connection. */
    async function connectionId(): Promise<string> {
        return (await bench.inspector.state()).connections[0]?.id ?? assert.fail("no connection");
    }

    async function breakIt(kind: string, fields: { target: string; value?: string; role?: string }): Promise<void> {
        const form = card("Break things");
        await form.locator("select").first().selectOption(kind);
        // The page learns of a new connection or hub a moment later, and the option is waited for.
        await form.locator("select").nth(1).selectOption(fields.target);
        if (fields.value !== undefined) {
            await form.getByLabel(/Status|Milliseconds/).fill(fields.value);
        }
        if (fields.role !== undefined) {
            await form.getByLabel("Role", { exact: true }).fill(fields.role);
        }
        await form.locator("button[type=submit]").click();
        await form
            .locator("output", { hasText: /Done|mend/ })
            .first()
            .waitFor();
    }

    for (const [product, spoken] of Object.entries(protocols) as [keyof typeof protocols, readonly string[]][]) {
        for (const protocol of spoken) {
            it(`talks ${protocol} with chosen claims, and gets what is sent to each target`, async () => {
                await open(product);
                await connect(protocol);
                const [connection] = (await bench.inspector.state()).connections;
                assert.equal(connection?.user, "tester");
                await talk({ ...(protocol !== "raw" && { event: "hello" }), data: '["text of the tester"]' });
                const event = await bench.inspector.event(
                    ({ kind, user, data }) =>
                        kind === "clientEvent" && user === "tester" && /of the tester/.test(data ?? ""),
                    "the event",
                );
                assert.equal(event.connection, connection?.id);
                if (protocol !== "raw") {
                    await says({ webpubsub: /"success":true/, socketio: /ack 0\[\]/, signalr: /completion/ }[product]);
                }
                await send("all", undefined, /Sent to 1 connection\./);
                await says(/to all/);
                await send("user", "tester", /Sent to 1 connection\./);
                await says(/to user/);
                await send("user", "nobody", /Sent to 0 connections\./);
                await send("connection", connection?.id, /Sent to 1 connection\./);
                await says(/to connection/);
                if (product === "socketio") {
                    await send(
                        "group",
                        connection?.groups.find((room) => room.startsWith("/ ")),
                        /Sent to 1 connection/,
                    );
                    await says(/to group/);
                    await send("all", undefined, /Sent to 1 connection\./, "/");
                } else {
                    await send("group", "tea", product === "webpubsub" ? /Sent to 1/ : /Sent to 0/);
                }
                await page.click("#tab-connections");
                await page.locator(".connection-rows .row", { hasText: "tester" }).locator("text=Close").click();
                await page.click("#tab-try-it");
                await client().locator(".pill:text-is('closed')").waitFor();
                await client().locator("button", { hasText: "Remove" }).click();
                assert.equal(await page.locator(".client").count(), 0);
            });
        }

        it(`breaks things on ${product}, and shows what that does to a client`, async () => {
            const protocol = protocols[product][0];
            await open(product);
            await connect(protocol);
            await breakIt("handlerError", { target: bench.hub, value: "503" });
            await page.locator("#broken:text-is('1 broken')").waitFor();
            await talk({ event: "hello", data: "x" });
            await bench.inspector.event(({ kind, status }) => kind === "upstream" && status === 503, "the failed call");
            if (product === "webpubsub") {
                await client().locator(".frames li[data-failed]", { hasText: "InternalServerError" }).waitFor();
            }
            await card("Break things").locator("button", { hasText: "Mend" }).click();
            await page.waitForSelector("#broken", { state: "hidden" });
            const [service] = (await bench.inspector.state()).services;
            await breakIt("slow", { target: String(service?.id), value: "20" });
            await page.locator("#broken:text-is('1 broken')").waitFor();
            await card("Break things").locator("button", { hasText: "Mend" }).click();
            await page.waitForSelector("#broken", { state: "hidden" });
            if (product === "webpubsub") {
                await breakIt("revokeRole", { target: await connectionId(), role: "webpubsub.sendToGroup.tea" });
                await talk({ type: "sendToGroup", group: "tea", data: "x" });
                await client().locator(".frames li[data-failed]", { hasText: "Forbidden" }).waitFor();
            }
            await breakIt("expireToken", { target: await connectionId() });
            await client().locator(".pill:text-is('closed')").waitFor();
            await bench.clock.advance(2000);
            await connect(protocol, "other");
            await breakIt("cut", { target: await connectionId() });
            await client().locator(".pill:text-is('closed')").waitFor();
            await client().locator(".frames li[data-failed]", { hasText: "The socket closed: 1006" }).waitFor();
        });
    }
});
