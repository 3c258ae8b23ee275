import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { functionsHosts } from "../emulator/functions/options";
import type { StackEvent } from "./engine/events";
import type { Project } from "./engine/project";
import { runStack } from "./run";

/** What to start. */
export interface LocalAzureOptions {
    /** Folder with Pulumi.yaml, or the file of a Pulumi program in TypeScript or JavaScript, seen from the current folder. */
    project: string;
    /** Stack whose config file applies. Defaults to `test`, which needs no file. */
    stack?: string;
    /** Config values, which win over the stack's file. A key without a namespace belongs to the project. */
    config?: Record<string, string | number | boolean>;
    /** Folder for the data of the local Azure. Defaults to a temporary folder, which `close` removes. */
    folder?: string;
    /** Refuses resource types that the local Azure does not emulate, instead of recording them. Defaults to false. */
    strict?: boolean;
    /**
     * Host of the function apps: `auto` runs Node apps in this process's own host and others with `func` (Azure Functions Core Tools),
     * `func` runs all of them with it. Defaults to `auto`.
     */
    functionsHost?: "auto" | "func";
    /** Hears each line that the program and the local Azure print. Defaults to nobody. */
    log?(line: string): void;
}

/** Addresses of one SocketIOBackend, WebPubSubBackend or SignalRBackend. */
export interface LocalBackend {
    /** Where clients get the service's address and a token. */
    negotiateUrl: string;
    /** Address of the realtime service. */
    endpoint: string;
    /** Every output of the component, secrets included. */
    outputs: Record<string, unknown>;
}

/** A resource of the program. */
export interface LocalResource {
    type: string;
    name: string;
    /** Empty for a component. */
    id: string;
    outputs: Record<string, unknown>;
}

/** A program that runs against its own local Azure. */
export interface LocalAzure {
    /** The program's outputs, secrets included. */
    outputs: Record<string, unknown>;
    /** The backends of the program, by their names. */
    backends: Record<string, LocalBackend>;
    resources: LocalResource[];
    /** Runs the program again, after a change of its files, and reads the outputs again. */
    update(): Promise<void>;
    /** Ends the local Azure. Removes its data, unless `folder` was given. */
    close(): Promise<void>;
}

const backendType = /^azure-realtime:index:(SocketIO|WebPubSub|SignalR)Backend$/;

/** The project of a program that has no Pulumi.yaml. */
function projectOf(file: string): Project {
    return {
        directory: dirname(file),
        name: basename(file).replace(/\.[cm]?[jt]s$/, ""),
        main: basename(file),
        typescript: /\.[cm]?ts$/.test(file),
        nodeArgs: [],
        stackConfigDir: ".",
        config: {},
    };
}

/** A line for an event that somebody who reads a failed test wants to see. */
function lineOf(event: StackEvent): string | undefined {
    if (event.kind === "message") {
        return `${event.level}  ${event.source ? `${event.source}: ` : ""}${event.text}`;
    }
    return event.kind === "finished" ? `${event.step.operation}  ${event.step.type} ${event.step.name}` : undefined;
}

/** Faults that a program in JavaScript, which no type holds back, can make in the options. */
function checkOptions({ project, functionsHost }: LocalAzureOptions): void {
    if (typeof project !== "string" || project === "") {
        throw new Error(`project is ${JSON.stringify(project)}: name a folder with Pulumi.yaml, or a program's file.`);
    }
    if (functionsHost !== undefined && !functionsHosts.includes(functionsHost)) {
        throw new Error(
            `functionsHost is ${JSON.stringify(functionsHost)}: it must be ${functionsHosts.join(" or ")}.`,
        );
    }
}

/**
 * Deploys a program to a local Azure of its own and serves it until `close`, for a test. Several may run at once: no port is fixed.
 * Rejects with the failed resource and the program's errors.
 *
 * ```ts
 * const azure = await startLocalAzure({ project: "infra" });
 * const { negotiateUrl } = azure.backends.chat;
 * await azure.close();
 * ```
 */
export async function startLocalAzure(options: LocalAzureOptions): Promise<LocalAzure> {
    checkOptions(options);
    const { stack = "test", config = {}, strict = false, functionsHost, log } = options;
    const path = resolve(options.project);
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) {
        throw new Error(
            `project is ${options.project}: ${path} does not exist. Name a folder with Pulumi.yaml, or a program's file.`,
        );
    }
    const project = found.isFile() ? projectOf(path) : undefined;
    const folder = options.folder ?? mkdtempSync(join(tmpdir(), "azure-realtime-test-"));
    const removeData = () => options.folder === undefined && rmSync(folder, { recursive: true, force: true });
    const errors: string[] = [];
    const on = (event: StackEvent) => {
        const line = lineOf(event);
        if (line !== undefined) {
            log?.(line);
        }
        if (event.kind === "message" && event.level === "error") {
            errors.push(event.text);
        }
    };
    const running = await runStack({
        projectDir: project?.directory ?? path,
        ...(project && { project }),
        stack,
        folder,
        strict,
        ...(functionsHost !== undefined && { functionsHost }),
        config: (name) =>
            Object.fromEntries(
                Object.entries(config).map(([key, value]) => [
                    key.includes(":") ? key : `${name}:${key}`,
                    String(value),
                ]),
            ),
        on,
    }).catch((error: Error) => {
        removeData();
        throw new Error([error.message, ...errors].join("\n"), { cause: error });
    });
    const azure: LocalAzure = {
        outputs: {},
        backends: {},
        resources: [],
        async update() {
            show(azure, await running.update());
        },
        async close() {
            await running.close();
            removeData();
        },
    };
    show(azure, running);
    return azure;
}

function show(
    azure: LocalAzure,
    { outputs, resources }: Pick<Awaited<ReturnType<typeof runStack>>, "outputs" | "resources">,
): void {
    azure.outputs = outputs;
    azure.resources = resources.map(({ type, name, id, outputs: own }) => ({ type, name, id, outputs: own }));
    azure.backends = Object.fromEntries(
        azure.resources
            .filter(({ type }) => backendType.test(type))
            .map(({ name, outputs: own }) => [
                name,
                { negotiateUrl: String(own.negotiateUrl), endpoint: String(own.endpoint), outputs: own },
            ]),
    );
}
