import assert from "node:assert/strict";
import { checkBundle } from "../../../components/functionCode/bundle";
import { serviceKinds } from "../../../components/shared/serviceKinds";

const general = "Microsoft.Azure.Functions.ExtensionBundle";
const preview = `${general}.Preview`;

// Which bundle holds which version of an extension: tags of Azure/azure-functions-extension-bundles.
describe("the bundle of host.json", () => {
    const check = (kind: keyof typeof serviceKinds, id: string, version: unknown, identity = true) =>
        checkBundle({ id, version }, serviceKinds[kind], { identity });

    const accepted: [keyof typeof serviceKinds, string, string][] = [
        ["socketio", preview, "[4.*, 5.0.0)"],
        ["socketio", preview, "[4.42.0, 5.0.0)"],
        ["socketio", preview.toLowerCase(), "[4.42.0]"],
        ["webpubsub", general, "[4.*, 5.0.0)"],
        ["webpubsub", general, "[4.37.1]"],
        ["signalr", general, "[4.*, 5.0.0)"],
        ["signalr", preview, "[4.0.0]"],
        ["signalr", `${general}.Experimental`, "[4.*, 5.0.0)"],
    ];
    for (const [kind, id, version] of accepted) {
        it(`may be ${id} ${version} with ${kind}`, () => {
            const { fault, warning } = check(kind, id, version);
            assert.deepEqual([fault, warning], [undefined, undefined]);
        });
    }

    const refused: [keyof typeof serviceKinds, string, unknown, RegExp][] = [
        ["socketio", general, "[4.*, 5.0.0)", /does not hold the socketio binding\..*Preview/],
        ["webpubsub", preview, "[4.*, 5.0.0)", /does not hold the webpubsub binding/],
        ["socketio", preview, undefined, /has no version\./],
        [
            "socketio",
            preview,
            "latest",
            /version "latest" in host\.json is not a version range\. .*"\[4\.42\.0, 5\.0\.0\)"/,
        ],
        ["signalr", general, "[1.*, 2.0.0)", /ends before version 4/],
        ["signalr", general, "[3.*, 4.0.0)", /ends before version 4/],
        ["webpubsub", general, "[4.*, 4.33.0)", /ends before 4\.33\.0, the first that signs in/],
        ["webpubsub", general, 4, /is not a version range/],
    ];
    for (const [kind, id, version, message] of refused) {
        it(`may not be ${id} ${JSON.stringify(version)} with ${kind}`, () => {
            assert.match(check(kind, id, version).fault ?? "", message);
        });
    }

    it("is warned of where it holds a beta of the extension", () => {
        assert.match(check("socketio", preview, "[4.41.0]").warning ?? "", /ends before 4\.42\.0/);
        assert.match(check("socketio", `${general}.Experimental`, "[4.*, 5.0.0)").warning ?? "", /holds a beta/);
        assert.match(check("webpubsub", general, "[4.33.0, 4.37.1)").warning ?? "", /ends before 4\.37\.1/);
    });

    it("may be older with an access key, and is warned of", () => {
        const { fault, warning } = check("webpubsub", general, "[4.32.0]", false);
        assert.equal(fault, undefined);
        assert.match(warning ?? "", /ends before 4\.33\.0/);
    });
});
