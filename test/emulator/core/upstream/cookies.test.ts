import assert from "node:assert/strict";
import { createCookieJar } from "../../../../emulator/core/upstream/cookies";

const url = new URL("http://localhost:7071/runtime/webhooks/x?code=1");

describe("cookies of a connection", () => {
    it("sends back what the handler set, newest value", () => {
        const jar = createCookieJar();
        jar.store({ url, setCookie: ["a=1; Path=/", "b=2; Path=/"], now: 0 });
        jar.store({ url, setCookie: ["a=3; Path=/"], now: 0 });
        assert.equal(jar.header(url, 0), "b=2; a=3");
    });

    it("does not send a cookie to another host, another path, or after its time", () => {
        const jar = createCookieJar();
        jar.store({
            url,
            setCookie: ["a=1; Path=/", "b=1; Path=/other", "c=1; Path=/; Max-Age=10", "d=1; Path=/; Secure"],
            now: 0,
        });
        assert.equal(jar.header(url, 5000), "a=1; c=1");
        assert.equal(jar.header(url, 11_000), "a=1");
        assert.equal(jar.header(new URL("http://localhost:9999/"), 0), undefined);
    });
});
