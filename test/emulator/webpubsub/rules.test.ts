import assert from "node:assert/strict";
import { createAckCache } from "../../../emulator/webpubsub/ackCache";
import { parseGroupPattern } from "../../../emulator/webpubsub/groupPattern";
import { createGroupRights } from "../../../emulator/webpubsub/groupRights";
import { createReliableBuffer } from "../../../emulator/webpubsub/reliableBuffer";

function matches(pattern: string, group: string): boolean {
    const parsed = parseGroupPattern(pattern);
    return "all" in parsed || ("literal" in parsed ? parsed.literal === group : parsed.matches(group));
}

describe("Web PubSub group patterns", () => {
    for (const [pattern, group, expected] of [
        ["ab*", "ab", true],
        ["ab*", "abcd", true],
        ["ab*", "ab.cd", false],
        ["*", ".", false],
        ["a*c", "a1.3c", false],
        ["ab**", "ab.cd.ef", true],
        ["**ab", "cd.ef.abc", false],
        ["**", "....", true],
        ["a?c", "abc", true],
        ["a?c", "a.c", false],
        ["a?c", "ac", false],
        ["a*.**.*b", "ab.cd.ef.ab", true],
        ["a*.**.*b", "b.cd.ef.b", false],
        ["a\\*.***b", "a*.ab", true],
        ["a\\*.***b", "aa.ab", false],
        ["a\\\\.***b", "a\\.ab", true],
        ["a\\?*", "abc", false],
        ["Room*", "room1", false],
        ["room\\*", "room*", true],
    ] as const) {
        it(`${pattern} ${expected ? "takes" : "does not take"} ${group}`, () => {
            assert.equal(matches(pattern, group), expected);
        });
    }

    for (const pattern of ["", "a\\", "a\\b", "x".repeat(1025), "*a*b*c*d*e*f"]) {
        it(`refuses the pattern '${pattern.slice(0, 20)}'`, () => {
            assert.throws(() => parseGroupPattern(pattern));
        });
    }
});

describe("Web PubSub group rights", () => {
    function rights(...roles: string[]) {
        const refused: string[] = [];
        const created = createGroupRights({ action: "sendToGroup", roles, onRefused: (role) => refused.push(role) });
        return { ...created, refused };
    }

    it("gives nothing without a role, and one action's role gives nothing for the other", () => {
        assert.equal(rights().allows("g"), false);
        assert.equal(rights("webpubsub.joinLeaveGroup").allows("g"), false);
    });

    it("distinguishes roles for all groups, for one group and for a pattern, and their case", () => {
        assert.equal(rights("webpubsub.sendToGroup").allows("g"), true);
        const one = rights("webpubsub.sendToGroup.a.b");
        assert.deepEqual([one.allows("a.b"), one.allows("a"), one.allows("A.b")], [true, false, false]);
        const pattern = rights("webpubsub.sendToGroups.news.*");
        assert.deepEqual([pattern.allows("news.x"), pattern.allows("news.x.y")], [true, false]);
        assert.equal(rights("WebPubSub.sendToGroup").allows("g"), false);
    });

    for (const same of [false, true]) {
        it(`takes nine patterns in the order of their texts, of which ${same ? "all are the same" : "none are"}, and names the tenth`, () => {
            const patterns = Array.from({ length: 9 }, (_, index) => `a${same ? 0 : index}*`);
            const { allows, grant, revoke, refused } = rights(
                ...["z*", ...patterns].map((pattern) => `webpubsub.sendToGroups.${pattern}`),
            );
            assert.deepEqual(
                patterns.map((pattern) => allows(pattern.replace("*", "x"))),
                patterns.map(() => true),
            );
            assert.deepEqual([allows("z"), refused], [false, ["webpubsub.sendToGroups.z*"]]);
            assert.deepEqual([grant("z"), allows("z"), revoke("z"), allows("z")], [true, true, true, false]);
        });
    }

    it("begins again at a role for all groups, which comes before the other patterns", () => {
        const roles = ["**", ...Array.from({ length: 9 }, (_, index) => `r${index}*`)];
        assert.deepEqual(rights(...roles.map((pattern) => `webpubsub.sendToGroups.${pattern}`)).refused, []);
    });

    it("takes no pattern's group for one of the thousand", () => {
        const roles = Array.from({ length: 1000 }, (_, index) => `webpubsub.sendToGroup.room${index}`);
        const { grant, revoke } = rights(...roles, "webpubsub.sendToGroups.room1*");
        const freed = 1 + 10 + 100;
        for (let index = 0; index < freed; index++) {
            assert.equal(grant(`new${index}`), true);
        }
        assert.equal(grant("one more"), false);
        assert.deepEqual([revoke("room0"), revoke("room1")], [true, true]);
    });

    for (const pattern of ["room", "room\\*", "room\\?", "room\\\\"]) {
        it(`takes the pattern '${pattern}', which names one group, beyond the thousand`, () => {
            const literal = pattern.replace(/\\(.)/, "$1");
            const roles = Array.from({ length: 1000 }, (_, index) => `webpubsub.sendToGroup.group${index}`);
            const { allows, grant, revoke } = rights(...roles, `webpubsub.sendToGroups.${pattern}`);
            assert.deepEqual([allows(literal), allows(`${literal}extra`)], [true, false]);
            assert.deepEqual([grant("overflow"), grant("group0"), revoke("absent")], [false, false, false]);
            assert.deepEqual([revoke(literal), allows(literal), grant("overflow")], [true, false, false]);
            assert.deepEqual([revoke("group0"), grant("overflow"), allows("overflow")], [true, true, true]);
        });
    }

    it("revokes one group from a role for all groups, and grants it again", () => {
        const { allows, revoke, grant } = rights("webpubsub.sendToGroup");
        revoke("g");
        assert.deepEqual([allows("g"), allows("h")], [false, true]);
        assert.equal(grant("g"), true);
        assert.equal(allows("g"), true);
    });

    it("takes 1000 groups and no more", () => {
        const { grant } = rights();
        for (let index = 0; index < 1000; index++) {
            assert.equal(grant(String(index)), true);
        }
        assert.equal(grant("1000"), false);
        assert.equal(grant("7"), true);
    });
});

describe("Web PubSub ack ids", () => {
    it("remembers the last thousand", () => {
        const cache = createAckCache();
        for (let ackId = 0; ackId <= 1000; ackId++) {
            cache.add(ackId);
        }
        assert.deepEqual([cache.has(0), cache.has(1), cache.has(1000)], [false, true, true]);
    });
});

describe("Web PubSub messages that wait", () => {
    it("takes 16 MiB and no more, and room again once acknowledged", () => {
        const buffer = createReliableBuffer();
        const begin = "x".repeat(1024 * 1024 - 2);
        const encode = (sequenceId: number): string => `${begin}#${sequenceId}`;
        for (let count = 1; count <= 16; count++) {
            const expected = count < 16 ? `${begin}#${count}` : undefined;
            // From the tenth on, the number is one byte longer, so the last one exceeds the limit.
            assert.equal(buffer.add({ encode, expires: undefined }), expected);
        }
        buffer.acknowledge(1);
        assert.equal(buffer.add({ encode, expires: undefined }), `${begin}#16`);
        assert.equal(buffer.replay(0).length, 15);
    });
});
