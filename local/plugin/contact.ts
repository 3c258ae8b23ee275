import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { writePrivateJsonFile } from "../../emulator/core/persistence";
import { isObject } from "../engine/values";

/** How a plugin reaches the process that holds a stack's local Azure. */
export interface Contact {
    /** `127.0.0.1:<port>`. */
    address: string;
    /** Told to this user alone, through a file: other users of the machine can reach the port. */
    secret: string;
    pid: number;
}

/** Exit code of a server that found another one in its place. */
export const heldExitCode = 75;

export const unlimitedMessages = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };

const bytes = (value: Buffer) => value;

/** A call that lasts as long as its plugin, so that the server knows whether anybody is there. */
export const sessionService = {
    open: {
        path: "/azurerealtime.Sessions/Open",
        requestStream: false,
        responseStream: true,
        requestSerialize: bytes,
        requestDeserialize: bytes,
        responseSerialize: bytes,
        responseDeserialize: bytes,
    },
} as const satisfies grpc.ServiceDefinition;

const fileIn = (folder: string) => join(folder, "server.json");

export const logFileIn = (folder: string) => join(folder, "server.log");

export function writeContact(folder: string, contact: Contact): void {
    writePrivateJsonFile(fileIn(folder), contact);
}

export function removeContact(folder: string): void {
    rmSync(fileIn(folder), { force: true });
}

/** Undefined when no server has left its address, or one that cannot be read. */
export function readContact(folder: string): Contact | undefined {
    try {
        const value: unknown = JSON.parse(readFileSync(fileIn(folder), "utf8"));
        if (!isObject(value)) {
            return undefined;
        }
        const { address, secret, pid } = value;
        return typeof address === "string" && typeof secret === "string" && typeof pid === "number"
            ? { address, secret, pid }
            : undefined;
    } catch {
        return undefined;
    }
}

/** What every call to the server carries. */
export function callMetadata({ secret, location }: { secret: string; location?: string }): grpc.Metadata {
    const metadata = new grpc.Metadata();
    metadata.set("authorization", secret);
    if (location) {
        metadata.set("location", location);
    }
    return metadata;
}
