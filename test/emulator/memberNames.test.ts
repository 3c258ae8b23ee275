import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { compileFilter, FilterError } from "../../emulator/core/filter/filter";
import { connectBody } from "../../emulator/core/service/clientGate";
import { buildAnswer } from "../../emulator/functions/host/extensions/webpubsub/answer";
import { toHttpBindingData, toHttpTrigger } from "../../emulator/functions/host/http/toInvocation";
import { headerLists } from "../../emulator/functions/host/http/webhookRequest";
import { readMetadataHeaders } from "../../emulator/webpubsub/message";
import { ProtocolError, parseRequest } from "../../emulator/webpubsub/protocol";
import { startTestService } from "../support/socketIOService";
import { startWebPubSub } from "../support/webPubSubService";

// Names that every object of JavaScript has, or that change one when they are assigned.
const names = ["constructor", "__proto__", "toString", "hasOwnProperty", "valueOf", "isPrototypeOf"];

for (const name of names) {
    describe(`the name ${name} of a stranger`, () => {
        it("is no property, function or type of anything", () => {
            for (const filter of [`${name} eq 'a'`, `${name}('a')`, `'a' in ${name}`, `length(${name}) gt 1`]) {
                assert.throws(() => compileFilter(filter), FilterError, filter);
            }
            assert.throws(() => parseRequest(JSON.stringify({ type: name })), ProtocolError);
            assert.throws(
                () => parseRequest(`{"type":"event","event":"e","data":1,"dataType":"${name}"}`),
                ProtocolError,
            );
            assert.equal(buildAnswer({ value: { code: name }, kind: "user", states: new Map() }).status, 500);
        });

        it("is a header, a query parameter and metadata like any other", () => {
            assert.deepEqual(Object.entries(headerLists([name, "a", name, "b"])), [[name.toLowerCase(), ["a", "b"]]]);
            const url = new URL(`http://localhost/?${name}=1&${name}=2`);
            const request = { method: "GET", headers: {}, headersDistinct: {} } as IncomingMessage;
            const { http } = toHttpTrigger({ request, url, params: {} });
            assert.deepEqual(Object.entries(http?.nullableQuery ?? {}), [[name, { value: "1,2" }]]);
            const data = toHttpBindingData({ request, url, params: {} }, "req");
            assert.equal((data.Query as Map<string, string>).get(name), "2");
            assert.ok(
                Object.hasOwn(readMetadataHeaders({ [`x-webpubsub-metadata-${name}`]: "1" }) ?? {}, name.toLowerCase()),
            );
            const body = connectBody({
                rawHeaders: [name, "h"],
                query: new URLSearchParams([[name, "q"]]),
                claims: Object.fromEntries([[name, "c"]]),
                subprotocols: [],
            });
            for (const [part, value] of Object.entries({ headers: "h", query: "q", claims: "c" })) {
                assert.ok(body.includes(`"${part}":{"${name}":["${value}"]}`), body);
            }
        });
    });
}

describe("content types named like members of every object", () => {
    for (const start of [startWebPubSub, startTestService]) {
        it(`are refused with 415 by ${start === startWebPubSub ? "Web PubSub" : "Socket.IO"}`, async () => {
            const test = await start();
            try {
                for (const contentType of names) {
                    const sent = await test.rest("POST", "/api/hubs/chat/:send", { body: "x", contentType });
                    assert.equal(sent.status, 415, contentType);
                }
                const filtered = await test.rest("POST", "/api/hubs/chat/:send?filter=constructor%20eq%20'a'", {
                    body: '42["a"]',
                    contentType: "text/plain",
                });
                assert.equal(filtered.status, 400);
            } finally {
                await test.close();
            }
        });
    }
});
