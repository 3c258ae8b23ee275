import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { decode, encode } from "@msgpack/msgpack";
import { decodeJwt, UnsecuredJWT } from "jose";
import type { FakeService } from "../../support/fakeService";
import type { TestApp } from "../../support/functionApp";
import {
    callWebhook,
    connected,
    connectionId,
    type Headers,
    invocation,
    invoke,
    key,
    message,
    openSignalRApp,
    signatures,
} from "../../support/signalRWebhook";

describe("functions: SignalR extension", () => {
    let test: TestApp;
    let service: FakeService;
    let close: () => Promise<void>;

    before(async () => {
        ({ test, service, close } = await openSignalRApp());
    });
    after(() => close());
    beforeEach(() => {
        service.calls.length = 0;
        service.answer = () => ({ status: 202 });
    });

    const call = (options: { headers: Headers; body?: string | Buffer; method?: string }) => callWebhook(test, options);
    describe("dispatch", () => {
        const [first, second] = signatures;
        const cases: [name: string, status: number, headers: Headers, body?: string][] = [
            ["a known event", 200, connected],
            [
                "a known event in other case",
                200,
                { ...connected, "X-ASRS-Hub": "TESTHUB", "X-ASRS-Event": "Connected" },
            ],
            ["no hub", 400, { ...connected, "X-ASRS-Hub": undefined }],
            ["an empty hub", 400, { ...connected, "X-ASRS-Hub": "" }],
            ["no category", 400, { ...connected, "X-ASRS-Category": undefined }],
            ["no event", 400, { ...connected, "X-ASRS-Event": undefined }],
            ["no connection id", 400, { ...connected, "X-ASRS-Connection-Id": undefined }],
            ["another hub", 404, { ...connected, "X-ASRS-Hub": "hub1" }],
            ["another category", 404, { ...connected, "X-ASRS-Category": "messages" }],
            ["another event", 404, { ...connected, "X-ASRS-Event": "event2" }],
            ["no signature", 401, { ...connected, "X-ASRS-Signature": undefined }],
            ["a wrong signature", 401, { ...connected, "X-ASRS-Signature": "abc" }],
            ["the signature of the app's key alone", 200, { ...connected, "X-ASRS-Signature": first }],
            ["the signature of another key alone", 401, { ...connected, "X-ASRS-Signature": second }],
            ["both signatures in other order", 200, { ...connected, "X-ASRS-Signature": `${second},${first}` }],
            ["a signature in upper case", 200, { ...connected, "X-ASRS-Signature": first.toUpperCase() }],
            ["another media type", 415, { ...connected, "Content-Type": "text/plain" }],
            ["no media type", 415, { ...connected, "Content-Type": undefined }],
            ["a body that calls something else", 500, message("echo"), invocation("other", [1, 2])],
            ["a body that is no invocation", 500, message("echo"), "{}"],
            ["a body that is no JSON", 500, message("echo"), "{"],
        ];
        for (const [name, status, headers, body] of cases) {
            it(`answers ${status} to ${name}`, async () => {
                assert.equal((await call({ headers, body })).status, status);
            });
        }
    });

    it("refuses a client whose connected function fails", async () => {
        const answer = await call({ headers: { ...connected, "X-ASRS-User-Id": "mallory" } });
        assert.equal(answer.status, 403);
    });

    it("answers 200 to a disconnected event, even when its function fails, and hands over the error", async () => {
        const headers = { ...connected, "X-ASRS-Event": "disconnected" };
        for (const error of ["cut off", "throw"]) {
            const answer = await call({ headers, body: JSON.stringify({ type: 11, error }) });
            assert.equal(answer.status, 200);
            await test.logged(new RegExp(`gone: ${connectionId} ${error}`));
        }
    });

    it("hands over the event in the vendor's names", async () => {
        const { body } = await call({
            headers: message("mirror", {
                "X-ASRS-User-Id": Buffer.from("änn").toString("latin1"),
                "X-ASRS-Client-Query": "?k1=v1&k1=v2&k2=v3",
                "X-ASRS-User-Claims": "k1: v1, k1: v2, k2: v3",
                "X-Other": "1",
            }),
            body: invocation("mirror", ["a", { b: 1 }, null]),
        });
        const { result } = JSON.parse(body.subarray(0, -1).toString()) as { result: Record<string, unknown> };
        const { Headers, ...rest } = result;
        assert.deepEqual(rest, {
            Arguments: ["a", { b: 1 }, null],
            Error: null,
            Category: "messages",
            Event: "mirror",
            Hub: "testhub",
            ConnectionId: connectionId,
            UserId: "änn",
            Query: { k1: "v1,v2", k2: "v3" },
            Claims: { k1: "v1", k2: "v3" },
        });
        const { "X-ASRS-Hub": hub, "X-Other": other, "Content-Type": type } = Headers as Record<string, string>;
        assert.deepEqual([hub, other, type], ["testhub", "1", undefined]);
    });

    it("answers an invocation with what the function returned", async () => {
        const complete = { type: 3, invocationId: "1" };
        assert.deepEqual(await invoke(test, { target: "echo", list: ["a", { b: [1] }] }), {
            ...complete,
            result: ["a", { b: [1] }],
        });
        assert.deepEqual(await invoke(test, { target: "text" }), { ...complete, result: "007" });
        assert.deepEqual(await invoke(test, { target: "nothing" }), { ...complete, result: null });
        // A byte[] of .NET: base64 in JSON, and bytes in MessagePack.
        assert.deepEqual(await invoke(test, { target: "bytes" }), { ...complete, result: "aGk=" });
    });

    it("answers an invocation whose function fails with the error", async () => {
        const { error, ...rest } = await invoke(test, { target: "fail" });
        assert.deepEqual(rest, { type: 3, invocationId: "1" });
        assert.match(String(error), /boom/);
        assert.match(
            String((await invoke(test, { target: "echo", list: ["one"] })).error),
            /accepts 2 arguments \(first, second\), but 1/,
        );
    });

    it("answers MessagePack in MessagePack", async () => {
        const answer = await call({
            headers: message("echo", { "Content-Type": "application/x-msgpack" }),
            body: Buffer.from(encode([1, {}, "7", "echo", ["a", 2]])),
        });
        assert.equal(answer.type, "application/x-msgpack");
        assert.equal(answer.body[0], answer.body.length - 1);
        assert.deepEqual(decode(answer.body.subarray(1)), [3, {}, "7", 3, ["a", 2]]);
        const bytes = await call({
            headers: message("bytes", { "Content-Type": "application/x-msgpack" }),
            body: Buffer.from(encode([1, {}, "8", "bytes", []])),
        });
        assert.deepEqual(decode(bytes.body.subarray(1)), [3, {}, "8", 3, Buffer.from("hi")]);
    });

    // Source: ToRpc of GrpcMessageConversionExtensions.cs of azure-functions-host, which hands byte[] on as bytes; version 4 of
    // @azure/functions makes an object of them when it changes the case of names in the metadata.
    it("gives bytes of MessagePack to a named parameter as bytes", async () => {
        const answer = await call({
            headers: message("echo", { "Content-Type": "application/x-msgpack" }),
            body: Buffer.from(encode([1, {}, "7", "echo", [new Uint8Array([1, 255]), { inner: new Uint8Array([2]) }]])),
        });
        const [first, second] = (decode(answer.body.subarray(1)) as unknown[])[4] as unknown[];
        assert.deepEqual(first, { 0: 1, 1: 255 });
        assert.deepEqual(second, { inner: "Ag==" });
    });

    it("cannot read an object of MessagePack that goes on after a date, as on Azure", async () => {
        const answer = await call({
            headers: message("echo", { "Content-Type": "application/x-msgpack" }),
            body: Buffer.from(encode([1, {}, "7", "echo", [{ at: new Date(0), more: 1 }, 2]])),
        });
        assert.equal(answer.status, 500);
    });

    // Source: MessagePackHelper.cs of the extension, whose ReadInt64 overflows and whose ReadString takes texts only.
    const numbers: [what: string, argument: unknown, read: unknown][] = [
        ["the largest number with a sign", 2n ** 63n - 1n, Number(2n ** 63n - 1n)],
        ["the smallest", -(2n ** 63n), Number(-(2n ** 63n))],
        ["a number without a sign that is larger", 2n ** 63n, undefined],
        ["the largest of all, deep inside", { a: [2n ** 64n - 1n] }, undefined],
        ["a large fraction", 2 ** 64, 2 ** 64],
    ];
    for (const [what, argument, read] of numbers) {
        it(`${read === undefined ? "cannot read" : "reads"} ${what} in MessagePack`, async () => {
            const answer = await call({
                headers: message("echo", { "Content-Type": "application/x-msgpack" }),
                body: Buffer.from(encode([1, {}, "7", "echo", [argument, 0]], { useBigInt64: true })),
            });
            assert.equal(answer.status, read === undefined ? 500 : 200);
            if (read !== undefined) {
                assert.deepEqual((decode(answer.body.subarray(1)) as unknown[])[4], [read, 0]);
            }
        });
    }

    it("cannot read a map of MessagePack whose names are no texts", async () => {
        const [start, end] = [Buffer.from(encode([1, {}, "7", "echo"])), Buffer.from([0x92, 0x81])];
        const call7 = (name: number[]) =>
            call({
                headers: message("echo", { "Content-Type": "application/x-msgpack" }),
                body: Buffer.concat([Buffer.from([0x95]), start.subarray(1), end, Buffer.from([...name, 0xc3, 0xc3])]),
            });
        assert.equal((await call7([1])).status, 500);
        assert.equal((await call7([0xa1, 0x31])).status, 200);
    });

    it("answers a message without an invocation id with an empty body", async () => {
        const body = JSON.stringify({ type: 1, target: "echo", arguments: ["a", "b"] });
        const answer = await call({ headers: message("echo"), body });
        assert.deepEqual([answer.status, answer.body.length], [200, 0]);
        const failed = await call({
            headers: message("fail"),
            body: JSON.stringify({ type: 1, target: "fail", arguments: [] }),
        });
        assert.equal(failed.status, 200);
    });

    describe("connection info", () => {
        async function negotiate(target: string, headers: Record<string, string> = {}) {
            const response = await fetch(test.url(target), { method: "POST", headers });
            assert.equal(response.status, 200, await response.clone().text());
            return (await response.json()) as { url: string; accessToken: string };
        }

        it("names the service, the hub in lower case, and the user", async () => {
            const { url, accessToken } = await negotiate("/negotiate?userId=ann");
            assert.equal(url, `${service.origin}/client/?hub=testhub`);
            const { aud, exp, iat, ...claims } = decodeJwt(accessToken);
            assert.equal(aud, url);
            assert.equal(Number(exp) - Number(iat), 3600);
            assert.equal(claims["asrs.s.uid"], "ann");
            const [head, body, signature] = accessToken.split(".");
            assert.equal(createHmac("sha256", key).update(`${head}.${body}`).digest("base64url"), signature);
        });

        // azure-webjobs-sdk, BindingTemplateToken.cs: a header or parameter that is not there fails the call.
        it("takes the user from a header of App Service authentication, and fails without it", async () => {
            const signedIn = await negotiate("/login", { "x-ms-client-principal-name": "bob" });
            assert.equal(decodeJwt(signedIn.accessToken)["asrs.s.uid"], "bob");
            const answer = await fetch(test.url("/login"), { method: "POST" });
            assert.deepEqual([answer.status, await answer.text()], [500, ""]);
        });

        it("makes a token without a user of an empty parameter", async () => {
            assert.equal("asrs.s.uid" in decodeJwt((await negotiate("/negotiate?userId=")).accessToken), false);
        });

        it("copies the claims that are asked for, reserved ones under another name", async () => {
            const token = new UnsecuredJWT({ name: "Ann", roles: ["a", "b"], aud: "me", secret: "x" }).encode();
            const { accessToken, url } = await negotiate("/claims", { "x-id-token": token });
            const claims = decodeJwt(accessToken);
            assert.deepEqual(
                [claims.name, claims.roles, claims["asrs.u.aud"], claims.secret],
                ["Ann", ["a", "b"], "me", undefined],
            );
            assert.equal(claims.aud, url);
        });
    });
});
