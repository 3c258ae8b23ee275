import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import * as provider from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { parse } from "yaml";
import { startMonitor } from "../../local/engine/monitor";
import { createRecorder, type Recorded } from "../../local/engine/recorder";
import { decode, encode, type Properties } from "../../local/engine/values";
import { buildPackage } from "./build";

const root = join(__dirname, "../..");
const place = { project: "project", stack: "stack" };

export interface Constructed {
    urn: string;
    outputs: Properties;
    /** Names of the top-level outputs that are secret. */
    secretOutputs: string[];
    /** Every resource that the component registered, the component itself first. */
    resources: Recorded[];
}

export interface PackagePlugin {
    /** The most memory that the process has taken so far; undefined where the system does not say. */
    peakMegabytes(): number | undefined;
    schema(): Promise<Record<string, unknown>>;
    construct(options: { type: string; name: string; inputs: Properties }): Promise<Constructed>;
    close(): Promise<void>;
}

/** The environment that the CLI's Node host gives a plugin: it compiles TypeScript unless PulumiPlugin.yaml says otherwise. */
function environmentOf(program: string): NodeJS.ProcessEnv {
    const { runtime } = parse(readFileSync(join(program, "PulumiPlugin.yaml"), "utf8")) as {
        runtime: string | { name: string; options?: { typescript?: boolean } };
    };
    const compiles = typeof runtime === "string" || runtime.options?.typescript !== false;
    return { ...process.env, ...(compiles && { PULUMI_NODEJS_TYPESCRIPT: "true" }) };
}

/**
 * Starts the plugin in a folder with PulumiPlugin.yaml as the Pulumi CLI does, called in `cwd`. Defaults to this repository's plugin,
 * called in the root, whose tsconfig.json the plugin must not read.
 */
export async function startPlugin({
    folder,
    cwd = root,
}: {
    folder?: string;
    cwd?: string;
} = {}): Promise<PackagePlugin> {
    if (folder === undefined) {
        buildPackage();
    }
    const program = folder ?? join(root, "plugin");
    const first = createRecorder(place);
    const engine = await startMonitor(first.engine);
    const plugin = spawn(
        process.execPath,
        [
            createRequire(join(program, "package.json")).resolve("@pulumi/pulumi/cmd/run-plugin"),
            program,
            engine.address,
        ],
        { cwd, env: environmentOf(program), stdio: ["ignore", "pipe", "pipe"] },
    );
    const said: string[] = [];
    plugin.stderr.on("data", (chunk: Buffer) => said.push(chunk.toString()));
    const ended = once(plugin, "exit");
    const close = async () => {
        plugin.kill();
        await ended;
        engine.close();
    };
    try {
        const port = await Promise.race([
            once(plugin.stdout, "data").then(([chunk]) => String(chunk).trim()),
            ended.then(() => {
                throw new Error(`the plugin did not start: ${said.join("")}`);
            }),
        ]);
        const client = new provider.ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), {
            "grpc.max_receive_message_length": 100_000_000,
        });
        return {
            peakMegabytes() {
                const status = `/proc/${plugin.pid}/status`;
                const peak = existsSync(status)
                    ? /VmHWM:\s+(\d+) kB/.exec(readFileSync(status, "utf8"))?.[1]
                    : undefined;
                return peak === undefined ? undefined : Number(peak) / 1000;
            },
            schema: () =>
                call<messages.GetSchemaResponse>((done) =>
                    client.getSchema(new messages.GetSchemaRequest(), done),
                ).then((response) => JSON.parse(response.getSchema())),
            construct: (options) => construct({ ...options, client }),
            async close() {
                client.close();
                await close();
            },
        };
    } catch (error) {
        await close();
        throw error;
    }
}

function call<T>(make: (done: (error: grpc.ServiceError | null, response: T) => void) => void): Promise<T> {
    return new Promise((resolve, reject) => make((error, response) => (error ? reject(error) : resolve(response))));
}

async function construct(options: {
    client: provider.ResourceProviderClient;
    type: string;
    name: string;
    inputs: Properties;
}): Promise<Constructed> {
    const recorder = createRecorder(place);
    const monitor = await startMonitor(recorder.engine);
    try {
        const request = new messages.ConstructRequest()
            .setProject(place.project)
            .setStack(place.stack)
            .setOrganization("organization")
            .setParallel(16)
            .setMonitorendpoint(monitor.address)
            .setType(options.type)
            .setName(options.name)
            .setInputs(encode({ values: options.inputs, secrets: [] }))
            .setAcceptsOutputValues(true);
        const response = await call<messages.ConstructResponse>((done) => options.client.construct(request, done));
        const { values, secrets } = decode(response.getState());
        return { urn: response.getUrn(), outputs: values, secretOutputs: secrets, resources: recorder.resources };
    } finally {
        monitor.close();
    }
}
