import assert from "node:assert/strict";
import { parseRange, reaches, readBundle } from "../../rules/bundle";

const general = "Microsoft.Azure.Functions.ExtensionBundle";

// Source: VersionRangeFactory.cs of NuGet/NuGet.Client, which the host calls with allowFloating; notation in learn, nuget/concepts.
describe("a bundle's version range", () => {
    const taken: [text: string, reached: string, missed?: string][] = [
        ["[4.*, 5.0.0)", "4.999.0", "5.0.0"],
        ["[4.42.0, 5.0.0)", "4.42.0", "5.0.0"],
        ["[4.0.0, 5.0.0]", "5.0.0", "5.0.1"],
        ["(4.0.0, 5.0.0]", "5.0.0"],
        ["[4.42.0]", "4.42.0", "4.42.1"],
        ["4.0.0", "99.0.0"],
        ["4", "99.0.0"],
        ["4.*", "99.0.0"],
        ["4.0.*", "99.0.0"],
        ["*", "99.0.0"],
        ["[4.0.0,)", "99.0.0"],
        ["[,5.0.0)", "4.9.9", "5.0.0"],
        ["(,5.0.0]", "5.0.0", "5.0.1"],
        [" [4.*,5) ", "4.9.9", "5.0.0"],
        ["[4.0.0-beta, 5.0.0)", "4.9.9", "5.0.0"],
        ["[3.3.*, 4.0.0)", "3.9.0", "4.0.0"],
        ["[4.0.0.0, 5.0.0.0)", "4.9.9", "5.0.0"],
    ];
    for (const [text, reached, missed] of taken) {
        it(`may be ${text}`, () => {
            const range = parseRange(text);
            assert.ok(range);
            assert.ok(reaches(range, reached), reached);
            assert.ok(missed === undefined || !reaches(range, missed), missed);
        });
    }
    it("reaches nothing where no version is published", () => {
        const ranges = ["[5.*, 6.0.0)", "[5.0.0,)", "5.*", "(40.0.0, 41.0.0]"].map(parseRange);
        assert.deepEqual(
            ranges.map((range) => range && reaches(range)),
            [false, false, false, false],
        );
    });

    for (const text of [
        "",
        "latest",
        "4.x",
        "v4",
        "^4.0.0",
        ">=4.0.0",
        "4.0.0 - 5.0.0",
        "[4.*, 5.0.0",
        "4.*, 5.0.0)",
        "4.*, 5.0.0",
        "[4.*, 5.*)",
        "[4.*]",
        "[5.0.0, 4.0.0)",
        "[4.0.0, 4.0.0)",
        "(4.0.0, 4.0.0]",
        "(4.0.0)",
        "[4.0.0)",
        "[4.0.0, x)",
        "[,]",
        "[]",
        "[4.0.0, 4.5.0, 5.0.0)",
        "{4.*, 5.0.0}",
        "[**, 5.0.0)",
    ]) {
        it(`may not be ${JSON.stringify(text)}`, () => assert.equal(parseRange(text), undefined));
    }
});

// Sources: ExtensionBundleConfigurationHelper.cs, Resources.resx, ScriptStartupTypeLocator.cs and extensionrequirements.json of
// azure-functions-host.
describe("the bundle that host.json names", () => {
    const read = (extensionBundle: unknown) => readBundle({ version: "2.0", extensionBundle });

    it("may be none", () => {
        assert.equal(readBundle({ version: "2.0" }), undefined);
        assert.equal(read({}), undefined);
    });

    it("is read whatever the case of its properties", () => {
        const found = readBundle({ ExtensionBundle: { ID: general, Version: "[4.*, 5.0.0)" } });
        assert.deepEqual([found?.id, found?.version], [general, "[4.*, 5.0.0)"]);
    });

    const version =
        /The value of version property in extensionBundle section of host\.json file is invalid or missing\. See https:\/\/aka\.ms\/functions-hostjson/;
    const id = /The value of id property in extensionBundle section of host\.json file is invalid or missing/;
    const minimum =
        /Referenced bundle Microsoft\.Azure\.Functions\.ExtensionBundle of version .* does not meet the required minimum version of 2\.6\.1\. Update your extension bundle reference in host\.json to reference 2\.6\.1 or later/;
    const refused: [extensionBundle: unknown, message: RegExp][] = [
        [{ id: general }, version],
        [{ id: general, version: "" }, version],
        [{ id: general, version: "latest" }, version],
        [{ id: general, version: null }, version],
        [{ id: general, version: {} }, version],
        [general, version],
        [["a"], version],
        [{ version: "[4.*, 5.0.0)" }, id],
        [{ id: "", version: "[4.*, 5.0.0)" }, id],
        [{ id: "not an id", version: "[4.*, 5.0.0)" }, id],
        [{ id: `${general}.`, version: "[4.*, 5.0.0)" }, id],
        [{ id: general, version: "[1.*, 2.0.0)" }, minimum],
        [{ id: general, version: "[2.*, 2.6.1)" }, minimum],
        // Source: ExtensionBundleManager.cs, whose answer without a version fails `new Version`.
        [{ id: general, version: "[5.*, 6.0.0)" }, /Bundle version matching the \[5\.\*, 6\.0\.0\) was not found/],
        [{ id: general.toUpperCase(), version: "[40.0.0]" }, /was not found\. .* is published in versions 1 to 4/],
        [{ id: general, version: "9" }, /was not found/],
        [{ id: general.toLowerCase(), version: "[1.8.1]" }, /required minimum version of 2\.6\.1/],
    ];
    for (const [extensionBundle, message] of refused) {
        it(`may not be ${JSON.stringify(extensionBundle)}`, () => assert.throws(() => read(extensionBundle), message));
    }
    for (const range of ["[2.*, 3.0.0)", "[2.6.1]", "[3.*, 4.0.0)", "[4.*, 5.0.0)", "1.0.0", 4]) {
        it(`may be of version ${range}`, () =>
            assert.equal(read({ id: general, version: range })?.version, String(range)));
    }
    it("has no minimum when it is another one", () => {
        assert.ok(read({ id: `${general}.Preview`, version: "[1.*, 2.0.0)" }));
        assert.ok(read({ id: `${general}.Preview`, version: "[5.*, 6.0.0)" }));
        assert.ok(read({ id: "Mine", version: "[5.*, 6.0.0)" }));
    });
});
