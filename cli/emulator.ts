import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startEmulator } from "../emulator";
import type { Log } from "../emulator/core/log";
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
    log: Log;
}

export interface RunningEmulator {
    endpoint: string;
    connectionString: string;
    close(): Promise<void>;
}

/** Opens one service of the emulator, which clients reach with its access key. */
export async function openEmulator(command: EmulatorCommand): Promise<RunningEmulator> {
    const emulator = await startEmulator({ folder: command.folder, log: command.log });
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

/** Reads the folder's access key. The first start creates it. */
function readAccessKey(folder: string): string {
    const path = join(folder, "access-key");
    try {
        return readFileSync(path, "utf8").trim();
    } catch {
        const key = randomBytes(48).toString("base64url");
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        writeFileSync(path, `${key}\n`, { mode: 0o600 });
        return key;
    }
}
