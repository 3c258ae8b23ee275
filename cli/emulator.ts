import { randomBytes } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { startEmulator } from "../emulator";
import { messageOf } from "../emulator/core/errors";
import { withFileLock } from "../emulator/core/fileLock";
import type { Log } from "../emulator/core/log";
import { readTextIfAny, writePrivateFile } from "../emulator/core/persistence";
import type { Authority } from "../emulator/core/tls/authority";
import { type OtlpFlag, otlpTarget } from "./otlp";
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
    /** Records from the start, and not only while the inspector is open. Defaults to false. */
    record?: boolean;
    /** Address of an OTLP/HTTP receiver. Defaults to that of the environment variables of OpenTelemetry, if they have one. */
    otlp?: OtlpFlag;
    log: Log;
}

export interface RunningEmulator {
    endpoint: string;
    connectionString: string;
    /** Address of the page that shows what happens. */
    inspector: string;
    /** Files with which a client trusts the endpoint. Undefined when it is http. */
    authority: Pick<Authority, "certificateFile" | "bundleFile"> | undefined;
    close(): Promise<void>;
}

const keyFile = "access-key";

/** Opens one service of the emulator, which clients reach with its access key. */
export async function openEmulator(command: EmulatorCommand): Promise<RunningEmulator> {
    const { https, allowedHosts, log } = command;
    const made = makeFolder(resolve(command.folder));
    // The files are printed for other programs, which run in other folders.
    const folder = resolve(command.folder);
    const otlp = otlpTarget(command.otlp);
    const inspector = { folder, record: command.record === true, ...(otlp !== undefined && { otlp }) };
    const emulator = await startEmulator({ folder, https, allowedHosts, inspector, log });
    try {
        const service = await openService(emulator, command);
        if (command.port !== 0 && service.port !== command.port) {
            throw new UsageError(
                `Port ${command.port} is taken. Choose another one with --port, or 0 for any free port.`,
            );
        }
        if (made !== undefined) {
            // The new folder holds a key.
            writeFileSync(join(resolve(command.folder), ".gitignore"), "*\n");
        }
        return {
            endpoint: service.endpoint,
            connectionString: service.keys.primaryConnectionString,
            inspector: emulator.inspector?.url ?? "",
            authority: https === true ? await emulator.authority() : undefined,
            close: () => emulator.close(),
        };
    } catch (error) {
        await emulator.close();
        if (made !== undefined) {
            rmSync(made, { recursive: true, force: true });
        }
        throw error;
    }
}

/** Makes a folder, and returns the outermost one that was not there before. */
function makeFolder(folder: string): string | undefined {
    try {
        return mkdirSync(folder, { recursive: true, mode: 0o700 });
    } catch (error) {
        throw unwritable(folder, error);
    }
}

const unwritable = (folder: string, error: unknown) =>
    new UsageError(
        `--folder is ${folder}, which cannot be written: ${messageOf(error)}. Name a folder that you may write.`,
    );

async function openService(emulator: Awaited<ReturnType<typeof startEmulator>>, command: EmulatorCommand) {
    const { service, port, hubs, eventHandler, systemEvents, userEvents, anonymous } = command;
    const primaryKey = await readAccessKey(command.folder);
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
async function readAccessKey(folder: string): Promise<string> {
    const path = join(folder, keyFile);
    // Of several first starts at once, one makes the key that all of them use.
    return keptKey(path) ?? withFileLock(`${path}.lock`, () => keptKey(path) ?? makeKey(path));
}

function keptKey(path: string): string | undefined {
    const kept = readTextIfAny(path)?.trim() ?? "";
    if (/\s|[^ -~]/.test(kept)) {
        throw new UsageError(`${path} is damaged: a key has no blanks. Delete the file to get a new key.`);
    }
    return kept === "" ? undefined : kept;
}

function makeKey(path: string): string {
    const key = randomBytes(48).toString("base64url");
    try {
        writePrivateFile(path, `${key}\n`);
    } catch (error) {
        throw unwritable(dirname(path), error);
    }
    return key;
}
