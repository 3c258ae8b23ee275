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
        ["signalr", general, "[1.*, 2.0.0)", /ends before 2\.6\.1, the first with the signalr extension/],
        ["webpubsub", general, "[2.*, 3.0.0)", /ends before 3\.5\.0, the first with the webpubsub extension/],
        ["webpubsub", general, "[3.*, 4.0.0)", /ends before 4\.33\.0, the first that signs in/],
        ["socketio", preview, "[3.*, 4.0.0)", /ends before 4\.27\.0/],
        ["webpubsub", general, "[4.*, 4.33.0)", /ends before 4\.33\.0, the first that signs in/],
        ["webpubsub", general, "[5.*, 6.0.0)", /Bundle version matching the .* was not found.*"\[4\.37\.1, 5\.0\.0\)"/],
        ["socketio", preview, "[40.0.0]", /was not found/],
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

    // Azure runs the versions without support: microsoft/vscode-azurefunctions issue 4701 asks for a warning that blocks no deployment.
    it("may be one without support, and is warned of", () => {
        for (const [id, version] of [
            [general, "[2.*, 3.0.0)"],
            [general, "[3.*, 4.0.0)"],
            [general, "[3.3.0, 4.0.0)"],
            [preview, "[3.*, 4.0.0)"],
        ] as const) {
            const { fault, warning } = check("signalr", id, version);
            assert.equal(fault, undefined);
            assert.match(warning ?? "", /ends before version 4, the only one with support\. Azure still runs it\./);
        }
    });

    it("may be older with an access key, and is warned of", () => {
        const { fault, warning } = check("webpubsub", general, "[4.32.0]", false);
        assert.equal(fault, undefined);
        assert.match(warning ?? "", /ends before 4\.33\.0/);
    });
});
