import assert from "node:assert/strict";
import { validateBody } from "../../local/contract/validate";
import { unknownValue } from "../../local/engine/values";

const service = (body: object) => ({
    armType: "Microsoft.SignalRService/webPubSub",
    name: "chat",
    body: { name: "chat", location: "westeurope", ...body },
});

describe("the contract of Azure Resource Manager", () => {
    it("accepts a valid body, in any case of an enum value", () => {
        assert.deepEqual(validateBody(service({ kind: "socketio", properties: { disableLocalAuth: true } })), []);
    });

    for (const { title, body, fault } of [
        {
            title: "a value that is not allowed",
            body: { kind: "Chat" },
            fault: 'kind is "Chat": allowed are "WebPubSub", "SocketIO"',
        },
        { title: "a missing property", body: { sku: { capacity: 1 } }, fault: "sku.name is missing" },
        {
            title: "an unknown property, and lists the known ones",
            body: { sku: { name: "Free_F1", colour: "red" } },
            fault: "sku.colour is not a property of this type: it has name, tier, size, family, capacity",
        },
        {
            title: "a property that only Azure sets",
            body: { properties: { hostName: "x" } },
            fault: "properties.hostName is read-only: Azure sets it",
        },
        {
            title: "a wrong type, without showing the value",
            body: { properties: { disableLocalAuth: "a secret by mistake" } },
            fault: "properties.disableLocalAuth must be of type boolean",
        },
        {
            title: "an invalid name",
            body: { name: "1st" },
            fault: 'name is "1st": it must match ^[a-zA-Z][a-zA-Z0-9-]{1,61}[a-zA-Z0-9]$',
        },
        {
            title: "a fault deep in a list",
            body: { properties: { networkACLs: { privateEndpoints: [{ name: "a" }, { allow: ["Nonsense"] }] } } },
            fault: "properties.networkACLs.privateEndpoints[1].name is missing",
        },
    ]) {
        it(`refuses ${title}`, () =>
            assert(validateBody(service(body)).includes(fault), validateBody(service(body)).join("\n")));
    }

    it("reports several faults at once", () => {
        assert.equal(validateBody(service({ kind: "Chat", sku: {} })).length, 2);
    });

    it("skips values that a preview does not know yet", () => {
        assert.deepEqual(
            validateBody(service({ name: unknownValue, kind: unknownValue, properties: unknownValue })),
            [],
        );
    });

    for (const properties of [
        { packageUri: "https://store/package.zip", remoteBuild: false },
        { packageUri: "https://store/package.zip", type: "zip", clean: true, restart: true },
    ]) {
        it(`knows the One Deploy body ${Object.keys(properties).join(", ")}`, () => {
            const body = { name: "onedeploy", properties };
            const armType = "Microsoft.Web/sites/extensions";
            assert.deepEqual(validateBody({ armType, name: "onedeploy", body }), []);
        });
    }

    it("tells bodies of one type apart by their name", () => {
        const armType = "Microsoft.Web/sites/extensions";
        assert.deepEqual(
            validateBody({
                armType,
                name: "onedeploy",
                body: { name: "onedeploy", properties: { remoteBuild: false } },
            }),
            ["properties.packageUri is missing"],
        );
        assert.match(
            validateBody({ armType, name: "zip", body: { name: "zip" } })[0] ?? "",
            /does not know the resource type Microsoft.Web\/sites\/extensions with the name "zip"/,
        );
    });
});
