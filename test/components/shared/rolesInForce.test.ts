import assert from "node:assert/strict";
import { FunctionApp } from "../../../components";
import { assignRole, rolesInForce } from "../../../components/shared/roles";
import { holdsUnknown, Probe, runProgram } from "../../support/pulumi";

const settingsType = "azure-native:web:WebAppApplicationSettings";
const roles = ["old", "new"];

/** How long what comes after two roles waited, in milliseconds; `ages` are those of the roles. */
async function waitAfter(ages: readonly (number | undefined)[], seconds: number, preview = false): Promise<number> {
    const now = Date.now();
    const answer = (_type: string, name: string) => {
        const age = ages[roles.indexOf(name)];
        return age === undefined ? undefined : { createdOn: new Date(now - age).toISOString() };
    };
    let end: number | undefined;
    await runProgram(
        () => {
            const made = roles.map((name) => assignRole(name, { role: "r", scope: "/s/x", principalId: "p" }, {}));
            const inForce = rolesInForce(made, seconds).apply(() => {
                end = Date.now();
                return "";
            });
            new Probe("After", { inForce });
        },
        { answer, preview },
    );
    assert.ok(end !== undefined);
    return end - now;
}

describe("what waits for roles to be in force", () => {
    const hour = 3_600_000;
    const second = 1000;

    it("waits for what is left of the delay since the newest", async () => {
        assert.ok((await waitAfter([hour, 119_930], 120)) >= 65);
    });

    it("waits no longer than the delay when Azure's clock is ahead of this machine's", () =>
        waitAfter([-hour, hour], 0.2));

    // A delay of an hour would outlast the test, so these tests end only when nothing waits.
    for (const [what, ages, seconds, preview] of [
        ["roles that are old", [hour, 2 * hour], hour / second, false],
        ["a delay of 0", [0, 0], 0, false],
        ["a preview", [0, 0], hour / second, true],
        ["roles whose age nobody tells", [undefined, undefined], hour / second, false],
    ] as const) {
        it(`does not wait with ${what}`, () => waitAfter(ages, seconds, preview));
    }

    it("is the settings of an app, whose delay an argument sets", async () => {
        const answer = (type: string) =>
            type.endsWith(":RoleAssignment") ? { createdOn: new Date().toISOString() } : undefined;
        const make = () => new FunctionApp("app", { resourceGroupName: "group", roleDelaySeconds: 0 });
        assert.equal(holdsUnknown((await runProgram(make, { answer })).find(settingsType).inputs), false);
        const preview = () => new FunctionApp("app", { resourceGroupName: "group", roleDelaySeconds: 1800 });
        assert.ok((await runProgram(preview, { answer, preview: true })).find(settingsType));
    });
});
