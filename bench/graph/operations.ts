import type { Recorded } from "../../local/engine/recorder";
import { durationOf } from "./durations";
import type { Operation } from "./schedule";

const isRole = (type: string) => type === "azure-native:authorization:RoleAssignment";

/** What the components hold back until the roles that it depends on are in force. */
const waitsForRoles = ["azure-native:web:WebAppApplicationSettings", "azure-native:signalrservice:SignalR"];

/**
 * What the engine has to do for a program, and in which order it may: a resource waits for what it depends on and for its parent.
 * `roleDelay` are the seconds between a role and what is held back for it.
 */
export function toOperations(recorded: readonly Recorded[], { roleDelay = 0 } = {}): Operation[] {
    const roles = new Set(recorded.filter(({ type }) => isRole(type)).map(({ urn }) => urn));
    return recorded.flatMap(({ urn, name, type, custom, dependencies, parent, inputs }) => {
        const isCode = type.endsWith(":Deployment") && JSON.stringify(inputs).includes("onedeploy");
        const operation = {
            id: urn,
            name,
            type,
            after: [...dependencies, ...(parent === undefined ? [] : [parent])],
            seconds: custom ? durationOf(isCode ? "code deployed through the resource manager" : type) : 0,
        };
        const before = waitsForRoles.includes(type) ? dependencies.filter((one) => roles.has(one)) : [];
        if (roleDelay === 0 || before.length === 0) {
            return [operation];
        }
        const wait = { id: `${urn} roles`, name, type: "roles:in:Force", after: before, seconds: roleDelay };
        return [wait, { ...operation, after: [...operation.after, wait.id] }];
    });
}
