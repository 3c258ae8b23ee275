import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { get } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { SignJWT } from "jose";
import { openEmulator, type RunningEmulator } from "../../cli/emulator";
import type { ServiceName } from "../../cli/services";
import { trustLines } from "../../cli/trust";
import { runCli } from "../support/cli";

/** The answer of an app's extension to a client's first event. */
const answers: Partial<Record<ServiceName, { type: string; body: string }>> = {
    socketio: { type: "text/plain", body: '430["yes"]' },
    signalr: { type: "application/json", body: '{"type":3,"invocationId":"1","result":"yes"}\u001e' },
};

const isUserEvent = (headers: IncomingHttpHeaders) =>
    headers["x-asrs-category"] === "messages" || String(headers["ce-type"]).includes(".user.");

/** A webhook that accepts every event, and an app that negotiates with the access key. */
async function openApp({ service, requests }: { service: ServiceName; requests: string[] }) {
    const negotiation: { body: unknown } = { body: {} };
    const server = createServer((request, response) => {
        const { method, url = "" } = request;
        if (url.startsWith("/api/negotiate")) {
            response.setHeader("Content-Type", "application/json");
            response.end(JSON.stringify(negotiation.body));
            return;
        }
        requests.push(`${method} ${url}`);
        const answer = isUserEvent(request.headers) ? answers[service] : undefined;
        response.writeHead(200, { "WebHook-Allowed-Origin": "*", ...(answer && { "Content-Type": answer.type }) });
        response.end(answer?.body);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return { server, url: `http://localhost:${(server.address() as AddressInfo).port}`, negotiation };
}

async function negotiate({ service, running }: { service: ServiceName; running: RunningEmulator }): Promise<unknown> {
    const key = new TextEncoder().encode(/AccessKey=([^;]+)/.exec(running.connectionString)?.[1]);
    const paths = {
        socketio: "/clients/socketio/hubs/hub",
        webpubsub: "/client/hubs/hub",
        signalr: "/client/?hub=hub",
    };
    const url = `${running.endpoint}${paths[service]}`;
    const token = await new SignJWT({})
        .setProtectedHeader({ alg: "HS256" })
        .setAudience(url)
        .setSubject("ann")
        .setExpirationTime("5m")
        .sign(key);
    return service === "socketio"
        ? { endpoint: running.endpoint, path: paths.socketio, token }
        : { url: service === "webpubsub" ? url.replace("http:", "ws:") : url, accessToken: token };
}

describe("azure-realtime emulator", function () {
    this.timeout(20_000);
    let folder: string;
    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "emulator-"));
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    const open = (options: {
        service: ServiceName;
        port?: number;
        eventHandler?: string;
        https?: boolean;
        folder?: string;
    }) =>
        openEmulator({
            port: 0,
            hubs: ["hub"],
            systemEvents: ["connect", "connected", "disconnected"],
            userEvents: "*",
            anonymous: false,
            folder,
            log: () => {},
            ...options,
        });

    for (const { service, ack, data = ["--data", '["you"]'] } of [
        { service: "socketio" as const, ack: '"hello" is acknowledged' },
        { service: "webpubsub" as const, ack: '"hello" is acknowledged' },
        { service: "webpubsub" as const, ack: '"hello" is acknowledged', data: [] },
        { service: "signalr" as const, ack: '"hello" is answered' },
    ]) {
        it(`serves ${service}: a client with a token of its key connects, and events with data ${data} go to the handler`, async () => {
            const requests: string[] = [];
            const { server, url, negotiation } = await openApp({ service, requests });
            const running = await open({ service, eventHandler: `${url}/events/{hub}?code=key` });
            try {
                negotiation.body = await negotiate({ service, running });
                const { lines } = await runCli([
                    ...["verify", "--json", "--negotiate-url", `${url}/api/negotiate`, "--endpoint", running.endpoint],
                    ...["--event", "hello", ...data, "--timeout", "10"],
                ]);
                const { checks } = JSON.parse(lines.join("")) as { checks: { check: string; message: string }[] };
                const message = checks.find(({ check }) => check === "client")?.message;
                assert.equal(message, `A client connects, ${ack}, and is disconnected.`);
                assert.ok(requests.includes("POST /events/hub?code=key"), requests.join());
            } finally {
                await running.close();
                server.closeAllConnections();
                server.close();
            }
        });
    }

    for (const service of ["socketio", "webpubsub", "signalr"] as const) {
        it(`prints https addresses of ${service} when it is asked to, and names the files with which a client trusts them`, async () => {
            const running = await open({ service, https: true });
            try {
                assert.match(running.endpoint, /^https:\/\/localhost:\d+$/);
                assert.match(running.connectionString, /^Endpoint=https:\/\/localhost:\d+;/);
                const { certificateFile = "", bundleFile = "" } = running.authority ?? {};
                for (const path of [certificateFile, bundleFile]) {
                    const health = get(`${running.endpoint}/api/health`, { method: "HEAD", ca: readFileSync(path) });
                    const [response] = (await once(health, "response")) as [IncomingMessage];
                    assert.notEqual(response.resume().statusCode, 421);
                }
                assert.equal((await fetch(running.endpoint.replace("https", "http"))).status, 404);
            } finally {
                await running.close();
            }
        });
    }

    it("says how clients trust the address, in words that a shell takes, wherever the folder is", async function () {
        if (process.platform === "win32") {
            this.skip();
        }
        const running = await open({
            service: "webpubsub",
            https: true,
            folder: join(folder, 'it\'s a "$HOME" folder'),
        });
        const lines = trustLines(running.authority).filter((line) => line.startsWith("  "));
        const variables = (label: string) =>
            lines
                .find((line) => line.startsWith(`  ${label} `))
                ?.slice(`  ${label}`.length)
                .trim() ?? "";
        const node = (env: string, code: string) =>
            promisify(execFile)("sh", ["-c", `${env} "$0" -e "$1"`, process.execPath, code], { env: {} });
        try {
            const ask = `require("https").request("${running.endpoint}/api/health", { method: "HEAD" }, ({ statusCode }) => console.log(statusCode)).on("error", ({ code }) => console.log(code)).end()`;
            assert.equal((await node(variables("Node.js"), ask)).stdout, "200\n");
            assert.match((await node("", ask)).stdout, /VERIFY|SELF_SIGNED/);
            for (const [label, names] of [
                // Azure's SDK for Python calls with requests or with aiohttp, and each reads one of them.
                ["Python", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"]],
                ["Go, .NET on Linux, OpenSSL", ["SSL_CERT_FILE"]],
                ["curl", ["CURL_CA_BUNDLE"]],
            ] as const) {
                const { stdout } = await node(variables(label), "console.log(JSON.stringify(process.env))");
                const env = JSON.parse(stdout) as Record<string, string>;
                assert.deepEqual(
                    [...names].filter((name) => env[name] !== running.authority?.bundleFile),
                    [],
                    label,
                );
            }
            const [, file = ""] = /keytool -importcert .* -file (.+)$/m.exec(lines.join("\n")) ?? [];
            const { stdout } = await promisify(execFile)("sh", ["-c", `cat ${file}`]);
            assert.match(stdout, /BEGIN CERTIFICATE/);
        } finally {
            await running.close();
        }
    });

    it("prints how clients trust the address only with https", async () => {
        for (const flags of [["--https"], []]) {
            const args = ["emulator", "--port", "0", "--folder", folder, ...flags];
            const { lines } = await runCli(args, { interrupted: Promise.resolve() });
            assert.equal(/NODE_EXTRA_CA_CERTS=/.test(lines.join("\n")), flags.length > 0);
        }
    });

    it("refuses a host to allow that is no host name", async () => {
        for (const name of ["http://a.example", "a.example/", "a b", "", "a.example:123456", "*"]) {
            await assert.rejects(runCli(["emulator", "--port", "0", "--allow-host", name]), /must be a host name/);
        }
    });

    it("keeps its key in a new folder where git ignores it, and adds nothing to a folder that was there", async () => {
        const start = (path: string) =>
            runCli(["emulator", "--port", "0", "--folder", path], { interrupted: Promise.resolve() });
        await start(join(folder, "new"));
        assert.equal(readFileSync(join(folder, "new/.gitignore"), "utf8"), "*\n");
        await start(folder);
        assert.equal(existsSync(join(folder, ".gitignore")), false);
    });

    it("keeps its key across starts", async () => {
        const first = await open({ service: "webpubsub" });
        await first.close();
        const port = Number(new URL(first.endpoint).port);
        const second = await open({ service: "webpubsub", port });
        await second.close();
        assert.equal(second.connectionString, first.connectionString);
    });

    it("refuses a port that is taken, closes every service, and leaves nothing behind", async () => {
        const first = await open({ service: "socketio" });
        const port = Number(new URL(first.endpoint).port);
        try {
            await assert.rejects(
                runCli(["emulator", "--port", `${port}`, "--folder", join(folder, "new/kept")]),
                new RegExp(`Port ${port} is taken`),
            );
            assert.equal(existsSync(join(folder, "new")), false);
        } finally {
            await first.close();
        }
    });

    it("prints address and connection string, and ends with the user's signal", async () => {
        const args = ["emulator", "--service", "signalr", "--port", "0", "--folder", folder];
        const { lines, code } = await runCli(args, { interrupted: Promise.resolve() });
        assert.equal(code, 0);
        assert.match(lines[0] ?? "", /^SignalR Service listens on http:\/\/localhost:\d+$/);
        assert.match(lines[1] ?? "", /^Endpoint=http:\/\/localhost:\d+;AccessKey=[\w-]+;Version=1\.0;$/);
    });
});
