import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { localPropertiesFile, localPropertiesPage } from "../../docs/generate/localProperties";
import { handlers } from "../../local/azure";
import { actingProperties, propertiesWithoutEffect, unknownActingProperties } from "../../local/azure/effects";
import { findType } from "../../local/contract/contract";
import { repositoryRoot } from "../support/registeredFunctions";

describe("properties of the local Azure", () => {
    it("are listed for every resource type that the local Azure supports, and for no other", () => {
        const supported = handlers.flatMap(({ armType }) => (armType === undefined ? [] : [armType]));
        assert.deepEqual(Object.keys(actingProperties).sort(), [...new Set(supported)].sort());
        for (const armType of supported) {
            // The parts of a slot are in the contract as those of an app.
            const listed = armType.replace("/sites/slots/", "/sites/");
            assert.equal(findType(listed), listed, `${armType} is not in the contract`);
        }
    });

    for (const armType of Object.keys(actingProperties)) {
        it(`of ${armType} that act are in the contract`, () => {
            const name = armType.endsWith("/config") ? "appsettings" : armType.endsWith("Policies") ? "ftp" : "x";
            assert.deepEqual(unknownActingProperties(armType, name), []);
        });
    }

    it("that act are named by code that reads them", () => {
        const code = ["local/azure", "local/arm", "emulator"].flatMap((folder) =>
            readdirSync(join(repositoryRoot, folder), { recursive: true, encoding: "utf8" })
                .filter((file) => file.endsWith(".ts") && file !== "effects.ts")
                .map((file) => readFileSync(join(repositoryRoot, folder, file), "utf8")),
        );
        const all = code.join("\n");
        const unread = Object.values(actingProperties)
            .flat()
            .filter((path) => !new RegExp(`\\b${path.split(".").at(-1)}\\b`).test(all));
        assert.deepEqual(unread, []);
    });

    it("without effect are on the generated page; `npm run docs` updates it", () => {
        assert.equal(readFileSync(localPropertiesFile, "utf8"), localPropertiesPage());
    });

    it("leave out what acts and what only Azure sets, and name a section without effect once", () => {
        const idle = propertiesWithoutEffect("Microsoft.SignalRService/webPubSub");
        assert.ok(idle.includes("properties.networkACLs") && idle.includes("properties.resourceStopped"), String(idle));
        for (const path of ["sku", "sku.name", "properties.socketIO", "properties.hostName", "properties", "name"]) {
            assert.ok(!idle.includes(path), path);
        }
    });

    it("of a type without any are all listed one by one", () => {
        const idle = propertiesWithoutEffect("Microsoft.OperationalInsights/workspaces");
        assert.ok(idle.includes("properties.retentionInDays") && idle.includes("location"), String(idle));
    });
});
