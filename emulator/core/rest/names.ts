import { badRequest, type RestError } from "./errors";

const hubName = /^[A-Za-z][A-Za-z0-9_`,.[\]]{0,127}$/;

export function isValidHub(hub: string): boolean {
    return hubName.test(hub);
}

export const maxGroupLength = 1024;

export function isValidGroup(group: unknown): group is string {
    return typeof group === "string" && group.length <= maxGroupLength && group.trim() !== "";
}

/** The service's words. Source: recording of "can trace through the various options" in Azure/azure-sdk-for-js. */
export const invalidGroupText = `Invalid group name. Valid group name should be in between 1 and ${maxGroupLength} characters long.`;

export function invalidGroup(): RestError {
    return badRequest(invalidGroupText);
}

/** Checks the names in a call's path. Throws `RestError`. */
export function checkParameters({ hub, group, user, connection }: Record<string, string>): void {
    if (hub !== undefined && !isValidHub(hub)) {
        throw badRequest(`Invalid hub name '${hub}': a letter, then up to 127 letters, digits or any of _\`,.[].`);
    }
    if (group !== undefined && !isValidGroup(group)) {
        throw invalidGroup();
    }
    if (user?.trim() === "" || connection?.trim() === "") {
        throw badRequest("Invalid user or connection id: it is blank.");
    }
}
