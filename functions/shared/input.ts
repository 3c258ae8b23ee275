/** A client sent an invalid value. The app sends the error's message back to that client. */
export class InputError extends Error {}

const maxText = 2000;
const maxRoom = 64;
/** Longer than any id that a service gives to a connection or a socket. */
const maxConnectionId = 128;

export function readText(value: unknown): string {
    return readString({ name: "text", value, max: maxText });
}

/** Reads the name of a group of clients. `name` is the service's word for it: a room or a group. */
export function readRoom(value: unknown, name = "room"): string {
    return readString({ name, value, max: maxRoom });
}

export function readConnectionId(value: unknown, name = "connectionId"): string {
    return readString({ name, value, max: maxConnectionId });
}

/** Reads a text of 1 to `max` characters that is not blank. */
export function readString({ name, value, max }: { name: string; value: unknown; max: number }): string {
    if (typeof value !== "string") {
        throw new InputError(`${name} must be text, not ${value === null ? "null" : typeof value}`);
    }
    if (value.trim() === "" || value.length > max) {
        throw new InputError(`${name} must be 1 to ${max} characters and not blank; it has ${value.length}`);
    }
    return value;
}
