import assert from "node:assert/strict";
import { asNewtonsoftWrites } from "../../../emulator/functions/host/bindings/newtonsoft";

// Sources: TryParseDateTime of DateTimeUtils.cs, DateTimeParser.cs, WriteDateTimeString and EnsureFloatFormat of JamesNK/Newtonsoft.Json;
// issue 898 of Azure/azure-webjobs-sdk-extensions reports what apps see of this.

describe("functions: JSON that .NET read and wrote", () => {
    const dates: [given: string, written: string][] = [
        ["2026-01-02T03:04:05.000Z", "2026-01-02T03:04:05Z"],
        ["2026-01-02T03:04:05.600Z", "2026-01-02T03:04:05.6Z"],
        ["2026-01-02T03:04:05.1234567z", "2026-01-02T03:04:05.1234567Z"],
        ["2026-01-02T03:04:05", "2026-01-02T03:04:05"],
        ["2026-01-02T03:04:05.10", "2026-01-02T03:04:05.1"],
        ["2026-01-02T03:04:05+02:00", "2026-01-02T01:04:05+00:00"],
        ["2026-01-01T00:30:00.50+0130", "2025-12-31T23:00:00.5+00:00"],
        ["2026-12-31T23:00:00-05", "2027-01-01T04:00:00+00:00"],
        ["2024-02-29T24:00:00Z", "2024-03-01T00:00:00Z"],
        ["0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"],
        // Nine digits without a zone: the last two count as the minutes of a zone that has no sign.
        ["2026-01-02T03:04:05.123456789", "2026-01-02T03:04:05.1234567"],
        ["2026-01-02T03:04:0599", "2026-01-02T03:04:05"],
        ["2026-01-02T03:04:05:30", "2026-01-02T03:04:05"],
        ["2026-01-02T03:04:05.5:", "2026-01-02T03:04:05.5"],
        ["2026-01-02T03:04:05+02:", "2026-01-02T01:04:05+00:00"],
        ["2026-01-02T03:04:05.1234567+0200", "2026-01-02T01:04:05.1234567+00:00"],
        ["0001-01-01T00:00:00.5+01:00", "0001-01-01T00:00:00+00:00"],
        ["9999-12-31T23:59:59-00:01", "9999-12-31T23:59:59.9999999+00:00"],
        ["/Date(1767323045600)/", "2026-01-02T03:04:05.6Z"],
        ["/Date(-1000)/", "1969-12-31T23:59:59Z"],
        ["/Date(0+0100)/", "1970-01-01T00:00:00+00:00"],
    ];
    for (const [given, written] of dates) {
        it(`has ${written} for ${given}`, () => assert.equal(asNewtonsoftWrites(given), written));
    }

    for (const text of [
        "",
        "2026-01-02",
        "2026-01-02 03:04:05Z",
        "2026-01-02t03:04:05Z",
        "2026-02-30T03:04:05Z",
        "2026-13-01T03:04:05Z",
        "2025-02-29T00:00:00Z",
        "2026-01-02T24:00:01Z",
        "2026-01-02T24:00:00.1Z",
        "2026-01-02T03:60:05Z",
        "2026-01-02T03:04:05.Z",
        "2026-01-02T03:04:05.12345678Z",
        "2026-01-02T03:04:05.12345678",
        "2026-01-02T03:04:05.123456789Z",
        "2026-01-02T03:04:05.1234567890",
        "2026-01-02T03:04:05.123456789+01:00",
        "2026-01-02T03:04:05+2",
        "2026-01-02T03:04:05+02:0",
        "2026-01-02T03:04:05+02:00:00",
        "2026-01-02T03:04:05Z ",
        "x2026-01-02T03:04:05Z",
        "0000-01-02T03:04:05Z",
        "+012026-01-02T03:04:05Z",
        "/Date()/",
        "/Date(9999999999999999)/",
        "__proto__",
    ]) {
        it(`leaves '${text}' as it is`, () => assert.equal(asNewtonsoftWrites(text), text));
    }

    it("changes values at any depth, and no names", () => {
        const date = "2026-01-02T03:04:05.000Z";
        const text = `{"${date}":[{"a":"${date}","__proto__":1e400}],"b":[-1e400,1.5,true,null,{}]}`;
        assert.equal(
            JSON.stringify(asNewtonsoftWrites(JSON.parse(text))),
            `{"${date}":[{"a":"2026-01-02T03:04:05Z","__proto__":"Infinity"}],"b":["-Infinity",1.5,true,null,{}]}`,
        );
    });
});
