import assert from "node:assert/strict";
import fc from "fast-check";
import { compileFilter, FilterError } from "../../../../emulator/core/filter/filter";
import type { FilterSubject } from "../../../../emulator/core/filter/types";

function subject(options: { userId?: string; groups?: string[]; connectionId?: string } = {}): FilterSubject {
    return { userId: options.userId, connectionId: options.connectionId ?? "c1", groups: new Set(options.groups) };
}

const matches = (filter: string, on: FilterSubject): boolean => compileFilter(filter)?.matches(on) ?? true;

describe("OData filter", () => {
    const values: [filter: string, userId: string | undefined, expected: boolean][] = [
        ["userId eq 'a'", "a", true],
        ["userId eq 'a'", "A", false],
        ["USERID eq 'a'", "a", true],
        ["userId eq null", undefined, true],
        ["userId ne null", undefined, false],
        ["userId in ('user1', 'user2')", "user2", true],
        ["userId in ('Doe, John', 'Alice')", "Doe, John", true],
        ["userId in ('O''Brien, Jane','Alice')", "O'Brien, Jane", true],
        ["substring(userId, 1, 1) eq 'b'", "abc", true],
        ["substring(userId, 1) eq 'b'", "", false],
        ["substring(userId, 1, 2) eq 'bc'", "a", false],
        ["contains(userId, 'b')", "aaa", false],
        ["contains(userId, 'b')", undefined, false],
        ["startswith(userId, 'ab') and endswith(userId, 'bc')", "abc", true],
        ["indexof(userId, 'c') eq 2", "abc", true],
        ["indexof(userId, 'c') eq -1", undefined, true],
        ["concat(userId, 'x') eq 'ax'", "a", true],
        ["concat(userId, 'x') eq 'x'", undefined, true],
        ["tolower(userId) eq 'ann' and toupper(userId) eq 'ANN'", "Ann", true],
        ["trim(userId) eq 'a'", " a ", true],
        ["length(userId) gt 2", "abc", true],
        ["length(userId) ge 4", "abc", false],
        ["length(userId) lt 4 and length(userId) le 3", "abc", true],
        ["length(userId) gt 2", undefined, false],
        ["length(groups) eq 0", "a", true],
        ["true", "a", true],
        ["not false", "a", true],
        ["not ('x' in groups)", "a", true],
        ["not 'x' in groups", "a", true],
        ["userId eq 'a' or true and false", "b", false],
        ["(userId eq 'b' or true) and false", "b", false],
        ["1 eq 1", "a", true],
        ["1 eq '1'", "a", false],
    ];
    for (const [filter, userId, expected] of values) {
        it(`${expected ? "lets" : "does not let"} user ${userId ?? "(none)"} pass ${filter}`, () => {
            assert.equal(matches(filter, subject({ userId })), expected);
        });
    }

    it("selects by user, by one group and against another", () => {
        const filter = "userId eq 'alice' and 'room' in groups and not ('second' in groups)";
        assert.equal(matches(filter, subject({ userId: "alice", groups: ["room"] })), true);
        assert.equal(matches(filter, subject({ userId: "alice", groups: ["room", "second"] })), false);
        assert.equal(matches(filter, subject({ userId: "bob", groups: ["room"] })), false);
        assert.equal(matches(filter, subject({ userId: "alice" })), false);
    });

    it("applies an exclusion after several rooms to the last room only, because and binds tighter than or", () => {
        const filter =
            "'0~bnMv~ZzE' in groups or '0~bnMv~ZzI' in groups and not ('0~bnMv~ZzM' in groups) and not ('0~bnMv~ZzQ' in groups)";
        assert.equal(matches(filter, subject({ groups: ["0~bnMv~ZzE", "0~bnMv~ZzM"] })), true);
        assert.equal(matches(filter, subject({ groups: ["0~bnMv~ZzI", "0~bnMv~ZzM"] })), false);
        assert.equal(matches(filter, subject({ groups: ["0~bnMv~ZzI", "0~bnMv~ZzQ"] })), false);
        assert.equal(matches(filter, subject({ groups: ["0~bnMv~ZzI"] })), true);
    });

    const roomFilters: [filter: string, groups: string[], expected: boolean][] = [
        ["'0~bnMv~' in groups", ["0~bnMv~"], true],
        ["'0~bnMv~ZzE' in groups", ["0~bnMv~"], false],
        ["not ('0~bnMv~ZzE' in groups)", ["0~bnMv~"], true],
        ["not ('0~bnMv~ZzE' in groups)", ["0~bnMv~ZzE"], false],
        ["'0~bnMv~' in groups and not ('0~bnMv~ZzE' in groups)", ["0~bnMv~", "0~bnMv~ZzE"], false],
        ["'0~bnMv~ZzE' in groups or '0~bnMv~ZzI' in groups", ["0~bnMv~ZzI"], true],
        ["not ('0~bnMv~ZzE' in groups) and not ('0~bnMv~ZzI' in groups)", ["0~bnMv~ZzI"], false],
    ];
    for (const [filter, groups, expected] of roomFilters) {
        it(`reads ${filter} for ${groups.join(" ")} as ${expected}`, () => {
            assert.equal(matches(filter, subject({ groups })), expected);
        });
    }

    const invalid: [filter: string, message: RegExp | string][] = [
        ["( not 'a' )", "Invalid syntax for 'not 'a'': Type 'string', expect 'bool'. (Parameter 'filter')"],
        ["userId lt 1", "Invalid syntax for 'userId lt 1': Type 'string', expect 'int'. (Parameter 'filter')"],
        [
            "invalid(ab,c)",
            "Invalid syntax for 'invalid(ab,c)': Token 'invalid(ab,c)' is not supported. (Parameter 'filter')",
        ],
        ["ab eq 1", "Invalid syntax for 'ab eq 1': Token 'ab' is not supported. (Parameter 'filter')"],
        ["ab", "Invalid syntax for 'ab': Token 'ab' is not supported. (Parameter 'filter')"],
        ["true or userId", "Invalid syntax for 'true or userId': Type 'string', expect 'bool'. (Parameter 'filter')"],
        ["userId", "Invalid syntax for 'userId': Type 'string', expect 'bool'. (Parameter 'filter')"],
        ["length(1) eq 1", /Invalid token 'length\(1\)'/],
        ["tolower() eq 'a'", /Invalid token 'tolower\(\)'/],
        ["'a' in userId", /Invalid token/],
        [" ", /Expression expected at position 1 in ' '\. \(Parameter 'filter'\)$/],
        ["groups/any(g: g)", /Syntax error: character '\/' is not valid at position 6 in/],
        ["userId eq", /Expression expected at position 9 in 'userId eq'/],
        ["userId eq 'a", /There is an unterminated string literal at position 12 in/],
        ["(true", /'\)' or operator expected at position 5 in/],
        ["true)", /Syntax error at position 5 in 'true\)'/],
        ["true and", /Expression expected at position 8 in/],
        ["99999999999 eq 1", /32 bits/],
        [`${"(".repeat(120)}true${")".repeat(120)}`, /deeper than 100/],
        [`${"not ".repeat(120)}true`, /deeper than 100/],
    ];
    for (const [filter, message] of invalid) {
        it(`refuses ${filter.slice(0, 40)}`, () => {
            assert.throws(
                () => compileFilter(filter),
                (error: unknown) => {
                    assert.ok(error instanceof FilterError);
                    if (typeof message === "string") {
                        assert.equal(error.message, message);
                    } else {
                        assert.match(error.message, message);
                    }
                    return true;
                },
            );
        });
    }

    it("takes a chain of ten thousand rooms without a deep stack", () => {
        const filter = Array.from({ length: 10_000 }, (_, index) => `'g${index}' in groups`).join(" or ");
        assert.equal(matches(filter, subject({ groups: ["g0"] })), true);
        assert.equal(matches(filter, subject({ groups: ["other"] })), false);
    });

    const named: [filter: string, groups: string[] | undefined][] = [
        ["'a' in groups", ["a"]],
        ["'a' in groups or 'b' in groups and userId eq 'x'", ["b", "a"]],
        ["userId eq 'x' and 'a' in groups", ["a"]],
        ["not ('a' in groups)", undefined],
        ["'a' in groups or userId eq 'x'", undefined],
    ];
    for (const [filter, groups] of named) {
        it(`knows which groups ${filter} can match in`, () => {
            assert.deepEqual(compileFilter(filter)?.groups, groups);
        });
    }

    it("either compiles or refuses with a FilterError, whatever the text", () => {
        const word = fc.constantFrom(
            "userId",
            "groups",
            "'a'",
            "1",
            "null",
            "true",
            "not",
            "and",
            "or",
            "in",
            "eq",
            "lt",
            "(",
            ")",
            ",",
            "length(",
            "concat(",
        );
        fc.assert(
            fc.property(
                fc.oneof(
                    fc.string(),
                    fc.array(word).map((words) => words.join(" ")),
                ),
                (text) => {
                    try {
                        assert.equal(typeof matches(text, subject({ userId: "u", groups: ["a"] })), "boolean");
                    } catch (error) {
                        assert.ok(error instanceof FilterError, `${text}: ${error}`);
                    }
                },
            ),
            { numRuns: 1000 },
        );
    });

    it("compiles the same text once", () => {
        assert.equal(compileFilter("userId eq 'once'"), compileFilter("userId eq 'once'"));
    });

    it("treats an empty text as no filter", () => {
        assert.equal(compileFilter(""), undefined);
        assert.equal(compileFilter(undefined), undefined);
    });
});
