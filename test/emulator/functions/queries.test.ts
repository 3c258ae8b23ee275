import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { presentedKey } from "../../../emulator/functions/host/http/auth";
import { parseQuery } from "../../../emulator/functions/host/http/query";
import { toHttpBindingData, toHttpTrigger } from "../../../emulator/functions/host/http/toInvocation";

/** A request for this target, as Node hands it over. */
function requestOf(target: string) {
    const request = { method: "GET", url: target, headers: {}, headersDistinct: {} } as IncomingMessage;
    return { request, url: new URL(target, "http://localhost:7071"), params: {} };
}

// Sources: QueryFeature.cs, QueryStringEnumerable.cs and PathString.cs of dotnet/aspnetcore; ToRpcHttp of GrpcMessageConversionExtensions.cs of
// azure-functions-host; HttpRequestExtensions.cs of azure-webjobs-sdk-extensions.
describe("functions: the query of a request", () => {
    const queries: [query: string, parameters: [name: string, ...values: string[]][]][] = [
        ["", []],
        ["?", []],
        ["?&&", []],
        [
            "?a=1&a=2&b",
            [
                ["a", "1", "2"],
                ["b", ""],
            ],
        ],
        ["?a=1&A=2&a=3", [["A", "1", "2", "3"]]],
        [
            "?a=b=c&=d",
            [
                ["a", "b=c"],
                ["", "d"],
            ],
        ],
        [
            "?a+b=c+d&%2B=%20",
            [
                ["a b", "c d"],
                ["+", " "],
            ],
        ],
        [
            "?x=%ff&y=%E2%9C%93%&z=%zz",
            [
                ["x", "%ff"],
                ["y", "✓%"],
                ["z", "%zz"],
            ],
        ],
        [
            "?q='x'&r=%2527",
            [
                ["q", "'x'"],
                ["r", "%27"],
            ],
        ],
        [
            "?__proto__=1&constructor=2",
            [
                ["__proto__", "1"],
                ["constructor", "2"],
            ],
        ],
    ];
    for (const [query, parameters] of queries) {
        it(`'${query}' has ${JSON.stringify(parameters)}`, () => {
            const found = [...parseQuery(requestOf(`/api/x${query}`))];
            assert.deepEqual(
                found.map(([name, values]) => [name, ...values]),
                parameters,
            );
        });
    }

    it("gives a function all values of a parameter, and an expression the last one", () => {
        const incoming = requestOf("/api/x?a=1&A=2&x=%ff");
        const query = toHttpTrigger(incoming).http?.nullableQuery ?? {};
        assert.deepEqual(Object.entries(query), [
            ["A", { value: "1,2" }],
            ["x", { value: "%ff" }],
        ]);
        assert.equal(toHttpBindingData(incoming, "req").A, "2");
    });

    it("finds the key whatever the case of its name, the first of several", () => {
        assert.equal(presentedKey(requestOf("/api/x?CODE=a%2Bb&code=c")), "a+b");
        assert.equal(presentedKey(requestOf("/api/x?codes=a")), undefined);
    });

    const urls: [target: string, url: string][] = [
        ["/api/a%20b/%C3%BC?q='x'&y=%zz", "/api/a%20b/%C3%BC?q='x'&y=%zz"],
        // Decoded once, and what then looks encoded stays.
        ["/api/%25C3%25BC/a%2Fb/%252F", "/api/%C3%BC/a%2Fb/%2F"],
        ["/api/[x]|y/%21", "/api/%5Bx%5D%7Cy/!"],
        ["/api/%F0%9F%91%8B/a%3Fb", "/api/%F0%9F%91%8B/a%3Fb"],
        ["/api/100%", "/api/100%25"],
        ["/api/a/../b", "/api/b"],
    ];
    for (const [target, url] of urls) {
        it(`gives ${target} to a function as ${url}`, () => {
            assert.equal(toHttpTrigger(requestOf(target)).http?.url, `http://localhost:7071${url}`);
        });
    }
});
