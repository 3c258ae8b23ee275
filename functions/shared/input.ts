/** A client sent something that cannot be used; its message goes back to that client. */
export class InputError extends Error {}

const maxText = 2000;
const maxRoom = 64;
/** Longest id a service gives to a connection or a socket, with room to spare. */
const maxConnectionId = 128;

export function readText(value: unknown): string {
    return readString({ name: "text", value, max: maxText });
}

/** Reads the name of a group of clients, under the word the service has for it. */
export function readRoom(value: unknown, name = "room"): string {
    return readString({ name, value, max: maxRoom });
}

export function readConnectionId(value: unknown, name = "connectionId"): string {
    return readString({ name, value, max: maxConnectionId });
}

/** Reads text of 1 to `max` characters that is not blank. */
export function readString({ name, value, max }: { name: string; value: unknown; max: number }): string {
    if (typeof value !== "string") {
        throw new InputError(`${name} must be text, not ${value === null ? "null" : typeof value}`);
    }
    if (value.trim() === "" || value.length > max) {
        throw new InputError(`${name} must be 1 to ${max} characters and not blank; it has ${value.length}`);
    }
    return value;
}
