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

    const trust = (settings: Record<string, string>, machine: NodeJS.ProcessEnv = {}) =>
        trustSettings({ settings, authority, codeFolder: folder, folder: join(folder, "state"), machine });
    const read = (file: string | undefined) => readFileSync(file ?? "", "utf8");

    it("stay as they are without https", () => {
        assert.equal("NODE_EXTRA_CA_CERTS" in environment({}, {}), false);
        const settings = { NODE_EXTRA_CA_CERTS: "own.pem", SSL_CERT_FILE: "own.pem" };
        assert.deepEqual(
            trustSettings({ settings, authority: undefined, codeFolder: folder, folder, machine: {} }),
            {},
        );
    });

    for (const name of ["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"]) {
        it(`add the authority to the app's own file of ${name}`, () => {
            writeFileSync(join(folder, "own.pem"), "THEIRS\n");
            const added = trust({ [name]: "own.pem", OTHER: "1" });
            assert.deepEqual(Object.keys(added), [name]);
            assert.equal(read(added[name]), "THEIRS\nOURS\n");
            assert.equal(statSync(added[name] ?? "").mode & 0o777, 0o600);
        });
    }

    it("are the authority's where the app's own file for Node is not there, which Node goes on without", () => {
        assert.equal(read(trust({ NODE_EXTRA_CA_CERTS: "own.pem" }).NODE_EXTRA_CA_CERTS), "OURS\n");
    });

    it("stay a file that is not there, or a folder, where that is what the program is told on Azure", () => {
        assert.deepEqual(trust({ SSL_CERT_FILE: "own.pem", REQUESTS_CA_BUNDLE: folder, CURL_CA_BUNDLE: "" }), {});
    });

    it("hold what Node trusts on this machine as well, whose network may need it", () => {
        writeFileSync(join(folder, "own.pem"), "THEIRS\n");
        writeFileSync(join(folder, "machine.pem"), "MACHINE");
        const machine = { NODE_EXTRA_CA_CERTS: join(folder, "machine.pem") };
        assert.equal(read(trust({}, machine).NODE_EXTRA_CA_CERTS), "MACHINE\nOURS\n");
        const both = trust({ NODE_EXTRA_CA_CERTS: "own.pem" }, machine);
        assert.equal(read(both.NODE_EXTRA_CA_CERTS), "THEIRS\nMACHINE\nOURS\n");
        assert.deepEqual(trust({}, { NODE_EXTRA_CA_CERTS: authority.certificateFile }), {});
        assert.deepEqual(trust({}, { NODE_EXTRA_CA_CERTS: "/nowhere.pem" }), {});
    });
});
