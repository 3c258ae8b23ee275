import { type ChildProcess, spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { rmSync } from "node:fs";
import { join, resolve } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { readContact } from "../../local/plugin/contact";
import { createProviderClient, type ProviderClient } from "./providerClient";

const root = resolve(__dirname, "../..");

export interface PluginBench {
    stack: string;
    project: string;
    folder: string;
    /** Messages of the plugins to the CLI's user. */
    said: string[];
    /** Resolves with the next message that contains a text. */
    heard(part: string): Promise<{ urn: string; text: string }>;
    urn(type: string, name: string): string;
    /** Starts a plugin as the CLI does, with more variables in its environment. */
    start(name: "azure-native" | "random", env?: NodeJS.ProcessEnv): Promise<ProviderClient & { end(): Promise<void> }>;
    /** Process id of the server that holds the stack. */
    serverPid(): number | undefined;
    close(): Promise<void>;
}

function isRunning(pid: number): boolean {
    try {
        process.kill(pid, 0);
        return true;
    } catch {
        return false;
    }
}

/** Resolves when a process that is not a child of this one has ended. */
export async function gone(pid: number): Promise<void> {
    while (isRunning(pid)) {
        await new Promise((done) => setTimeout(done, 20));
    }
}

/** Starts plugin processes for one stack, together with the engine that the plugins call. */
export async function createPluginBench(stack: string): Promise<PluginBench> {
    const project = `plugin-test-${process.pid}`;
    const folder = join(root, ".azure-realtime", project, stack);
    const said: string[] = [];
    const messages = new EventEmitter<{ message: [{ urn: string; text: string }] }>();
    const children = new Set<ChildProcess>();
    const engine = new grpc.Server();
    engine.addService(EngineService as unknown as grpc.ServiceDefinition, {
        log(call: { request: LogRequest }, callback: (error: null, value: Empty) => void) {
            const [urn, text] = [call.request.getUrn(), call.request.getMessage()];
            said.push(text);
            messages.emit("message", { urn, text });
            callback(null, new Empty());
        },
    });
    const port = await new Promise<number>((done, fail) =>
        engine.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
            error ? fail(error) : done(bound),
        ),
    );
    const serverPid = () => readContact(folder)?.pid;

    return {
        stack,
        project,
        folder,
        said,
        serverPid,
        heard: (part) =>
            new Promise((resolve) => {
                messages.on("message", (message) => message.text.includes(part) && resolve(message));
            }),
        urn: (type, name) => `urn:pulumi:${stack}::${project}::${type}::${name}`,
        async start(name, env) {
            const child = spawn(join(root, "local/plugin/bin", `pulumi-resource-${name}`), [`127.0.0.1:${port}`], {
                cwd: join(root, "stacks"),
                env: { ...process.env, ...env },
                stdio: ["ignore", "pipe", "inherit"],
            });
            children.add(child);
            const [line] = await once(child.stdout, "data");
            const client = createProviderClient(`127.0.0.1:${String(line).trim()}`);
            return {
                ...client,
                async end() {
                    client.close();
                    const ended = once(child, "exit");
                    child.kill("SIGINT");
                    await ended;
                    children.delete(child);
                },
            };
        },
        async close() {
            for (const child of children) {
                child.kill();
            }
            const pid = serverPid();
            if (pid !== undefined && isRunning(pid)) {
                process.kill(pid);
                await gone(pid);
            }
            engine.forceShutdown();
            rmSync(join(root, ".azure-realtime", project), { recursive: true, force: true });
        },
    };
}
