import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { trustSettings } from "../../../emulator/functions/certificates";
import { createEnvironment } from "../../../emulator/functions/environment";

describe("certificates that an app trusts", () => {
    const authority = { certificate: "OURS\n", certificateFile: "/tls/authority.pem", bundleFile: "/tls/trusted.pem" };
    let folder: string;

    beforeEach(() => {
        folder = mkdtempSync(join(tmpdir(), "certificates-"));
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    const environment = (settings: Record<string, string>, given: object = { authority }) =>
        createEnvironment({
            settings,
            platform: {
                options: { id: "/subscriptions/s/resourceGroups/g/x/y", name: "app" },
                hostName: "localhost:1",
                instanceId: "1",
                homeFolder: "/home",
                ...given,
            },
        });

    it("are the authority's beside Node's, and in a file with the machine's for programs that replace theirs", () => {
        const { NODE_EXTRA_CA_CERTS, SSL_CERT_FILE, REQUESTS_CA_BUNDLE } = environment({});
        assert.deepEqual(
            [NODE_EXTRA_CA_CERTS, SSL_CERT_FILE, REQUESTS_CA_BUNDLE],
            ["/tls/authority.pem", "/tls/trusted.pem", "/tls/trusted.pem"],
        );
    });

    it("are the app's own where its settings say so", () => {
        assert.equal(environment({ SSL_CERT_FILE: "/own.pem" }).SSL_CERT_FILE, "/own.pem");
    });

    it("stay as they are without https", () => {
        assert.equal("NODE_EXTRA_CA_CERTS" in environment({}, {}), false);
        const settings = { NODE_EXTRA_CA_CERTS: "own.pem" };
        assert.deepEqual(trustSettings({ settings, authority: undefined, codeFolder: folder, folder }), {});
    });

    for (const [what, content, expected] of [
        ["with", "THEIRS\n", "THEIRS\nOURS\n"],
        ["without", undefined, "\nOURS\n"],
    ] as const) {
        it(`add the authority to the app's own file, ${what} a file at that path`, () => {
            if (content !== undefined) {
                writeFileSync(join(folder, "own.pem"), content);
            }
            const settings = { NODE_EXTRA_CA_CERTS: "own.pem" };
            const file = trustSettings({ settings, authority, codeFolder: folder, folder }).NODE_EXTRA_CA_CERTS ?? "";
            assert.equal(readFileSync(file, "utf8"), expected);
            assert.equal(statSync(file).mode & 0o777, 0o600);
        });
    }
});
