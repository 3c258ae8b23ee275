import { randomBytes } from "node:crypto";
import { join, resolve } from "node:path";
import { startEmulator } from "../emulator";
import type { Log } from "../emulator/core/log";
import { readTextIfAny, writePrivateFile } from "../emulator/core/persistence";
import type { Authority } from "../emulator/core/tls/authority";
import type { ServiceName } from "./services";
import { UsageError } from "./words";

export interface EmulatorCommand {
    service: ServiceName;
    port: number;
    /** Hubs that call the event handler. */
    hubs: string[];
    /** URL for events; undefined sends none. */
    eventHandler?: string;
    systemEvents: string[];
    userEvents: string;
    /** Whether clients without a token may connect. */
    anonymous: boolean;
    /** Folder that stores the access key, so that it stays the same. */
    folder: string;
    /** Whether the printed addresses are https. The port serves http as well. Defaults to false. */
    https?: boolean;
    /** Values of the Host header that the server accepts besides this machine's own names. Defaults to none. */
    allowedHosts?: string[];
    log: Log;
}

export interface RunningEmulator {
    endpoint: string;
    connectionString: string;
    /** Files with which a client trusts the endpoint. Undefined when it is http. */
    authority: Pick<Authority, "certificateFile" | "bundleFile"> | undefined;
    close(): Promise<void>;
}

/** Opens one service of the emulator, which clients reach with its access key. */
export async function openEmulator(command: EmulatorCommand): Promise<RunningEmulator> {
    const { https, allowedHosts, log } = command;
    // The files are printed for other programs, which run in other folders.
    const emulator = await startEmulator({ folder: resolve(command.folder), https, allowedHosts, log });
    try {
        const service = await openService(emulator, command);
        if (command.port !== 0 && service.port !== command.port) {
            throw new UsageError(
                `Port ${command.port} is taken. Choose another one with --port, or 0 for any free port.`,
            );
        }
        return {
            endpoint: service.endpoint,
            connectionString: service.keys.primaryConnectionString,
            authority: https === true ? await emulator.authority() : undefined,
            close: () => emulator.close(),
        };
    } catch (error) {
        await emulator.close();
        throw error;
    }
}

async function openService(emulator: Awaited<ReturnType<typeof startEmulator>>, command: EmulatorCommand) {
    const { service, port, hubs, eventHandler, systemEvents, userEvents, anonymous } = command;
    const primaryKey = readAccessKey(command.folder);
    const options = {
        id: `/emulator/${service}`,
        name: service,
        port,
        accessKeys: { primaryKey, secondaryKey: randomBytes(48).toString("base64url") },
    };
    if (service === "signalr") {
        const template = { hubPattern: hubs.join(",") || "*", categoryPattern: "*", eventPattern: "*" };
        const templates = eventHandler === undefined ? [] : [{ urlTemplate: eventHandler, ...template }];
        return emulator.openSignalRService({ ...options, serviceMode: "Serverless", upstream: { templates } });
    }
    const opened = await (service === "socketio"
        ? emulator.openSocketIOService(options)
        : emulator.openWebPubSubService(options));
    for (const hub of hubs) {
        opened.setHub(hub, {
            anonymousConnectPolicy: anonymous ? "allow" : "deny",
            eventHandlers:
                eventHandler === undefined
                    ? []
                    : [{ urlTemplate: eventHandler, systemEvents, userEventPattern: userEvents }],
        });
    }
    return opened;
}

/** Reads the folder's access key. The first start creates it, and so does a start that finds an empty file. */
function readAccessKey(folder: string): string {
    const path = join(folder, "access-key");
    const kept = readTextIfAny(path)?.trim() ?? "";
    if (/\s|[^ -~]/.test(kept)) {
        throw new UsageError(`${path} is damaged: a key has no blanks. Delete the file to get a new key.`);
    }
    if (kept !== "") {
        return kept;
    }
    const key = randomBytes(48).toString("base64url");
    writePrivateFile(path, `${key}\n`);
    return key;
}
