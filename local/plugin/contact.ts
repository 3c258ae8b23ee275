import { rmSync } from "node:fs";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { readTextIfAny, writePrivateJsonFile } from "../../emulator/core/persistence";
import { type FunctionsHost, functionsHosts } from "../../emulator/functions/options";
import { isObject } from "../engine/values";

/** Address and secret of the server of a stack's local Azure. */
export interface Contact {
    /** `127.0.0.1:<port>`. */
    address: string;
    /** Host of its function apps. */
    functionsHost: FunctionsHost;
    /** Every call carries it. Other users of the machine can reach the port, but cannot read the file with the secret. */
    secret: string;
    pid: number;
}

/** Exit code of a server that ended because another server holds the stack. */
export const heldExitCode = 75;

export const unlimitedMessages = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };

const bytes = (value: Buffer) => value;

/** A call that lasts as long as its plugin runs, so that the server knows whether any plugin is connected. */
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

/** Metadata of an answer with a text for the CLI's user. gRPC allows every character where a key ends so. */
export const noticeKey = "notice-bin";

const fileIn = (folder: string) => join(folder, "server.json");

export const logFileIn = (folder: string) => join(folder, "server.log");

export function writeContact(folder: string, contact: Contact): void {
    writePrivateJsonFile(fileIn(folder), contact);
}

export function removeContact(folder: string): void {
    rmSync(fileIn(folder), { force: true });
}

/** Reads the contact file; undefined when it is missing or invalid, because a server that starts writes it again. */
export function readContact(folder: string): Contact | undefined {
    const value = parseJson(readTextIfAny(fileIn(folder)) ?? "");
    if (!isObject(value)) {
        return undefined;
    }
    const { address, secret, pid } = value;
    const functionsHost = functionsHosts.find((name) => name === value.functionsHost) ?? "auto";
    return typeof address === "string" && typeof secret === "string" && typeof pid === "number"
        ? { address, secret, pid, functionsHost }
        : undefined;
}

/** Variable with which a command asks for a host of the function apps. */
export const functionsHostVariable = "AZURE_REALTIME_FUNCTIONS_HOST";

/** The host of the function apps that a command asks for; undefined without one. */
export function wantedFunctionsHost(env: NodeJS.ProcessEnv): FunctionsHost | undefined {
    const wanted = env[functionsHostVariable];
    const found = functionsHosts.find((name) => name === wanted);
    if (wanted !== undefined && found === undefined) {
        throw new Error(`${functionsHostVariable} is "${wanted}": it must be ${functionsHosts.join(" or ")}.`);
    }
    return found;
}

function parseJson(text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        return undefined;
    }
}

/** Metadata of every call to the server. */
export function callMetadata({ secret, location }: { secret: string; location?: string }): grpc.Metadata {
    const metadata = new grpc.Metadata();
    metadata.set("authorization", secret);
    if (location) {
        metadata.set("location", location);
    }
    return metadata;
}
