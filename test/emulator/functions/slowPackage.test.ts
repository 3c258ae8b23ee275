import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { fetchPackage } from "../../../emulator/functions/package/remote";
import { FakeClock } from "../../support/clock";

const mebibyte = 1024 * 1024;
const second = 1000;

// Azure's host gives the store 100 s to begin its answer: HttpClient's default in PackageDownloadHandler.cs of azure-functions-host.
describe("functions: a package from a slow server", () => {
    let end: () => void = () => undefined;
    afterEach(() => end());

    /** A server that answers with what the test writes, and the fetch of its package. */
    async function openStore(clock: FakeClock): Promise<{ asked: Promise<ServerResponse>; fetched: Promise<unknown> }> {
        const server = createServer();
        server.listen(0, "127.0.0.1");
        await once(server, "listening");
        end = () => {
            server.closeAllConnections();
            server.close();
        };
        const asked = once(server, "request").then(([, response]) => response as ServerResponse);
        const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/app.zip?sig=secret`;
        const fetched = fetchPackage({ url, fetch, clock }).catch((error: unknown) => error);
        return { asked, fetched };
    }

    function assertTooSlow(error: unknown): void {
        assert.ok(error instanceof Error && error.cause instanceof Error, String(error));
        assert.match(error.message, /^Cannot fetch the package from http:\/\/127\.0\.0\.1:\d+\/app\.zip$/);
        assert.match(
            error.cause.message,
            /^127\.0\.0\.1:\d+\/app\.zip is too slow: it has to begin its answer in 100 s, and to send each MiB of it in 100 s$/,
        );
    }

    it("is given up after 100 s without an answer", async () => {
        const clock = new FakeClock();
        const { asked, fetched } = await openStore(clock);
        await asked;
        await clock.advance(99 * second);
        assert.deepEqual(clock.pending(), [second]);
        await clock.advance(second);
        assertTooSlow(await fetched);
    });

    it("is given up when the bytes only drip", async () => {
        const clock = new FakeClock();
        const { asked, fetched } = await openStore(clock);
        const response = await asked;
        await clock.advance(90 * second);
        response.writeHead(200);
        response.write("P");
        // The beginning of the answer starts the time anew.
        await clock.waitFor(() => clock.pending()[0] === 100 * second, "the answer");
        for (let passed = 0; passed < 100; passed += 10) {
            response.write("K");
            await clock.advance(10 * second);
        }
        assertTooSlow(await fetched);
        await clock.waitFor(() => response.closed, "the end of the connection");
    });

    it("may take long when each MiB comes in time", async () => {
        const clock = new FakeClock();
        const { asked, fetched } = await openStore(clock);
        const response = await asked;
        response.flushHeaders();
        for (let count = 1; count <= 5; count += 1) {
            await clock.advance(90 * second);
            response.write(Buffer.alloc(mebibyte, count));
            await clock.waitFor(() => clock.pending()[0] === 100 * second, `MiB ${count}`);
        }
        response.end();
        const bytes = await fetched;
        assert.ok(bytes instanceof Uint8Array);
        assert.equal(bytes.length, 5 * mebibyte);
        assert.deepEqual(clock.pending(), []);
    });
});
