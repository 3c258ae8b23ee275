import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import * as engine from "@pulumi/pulumi/proto/engine_grpc_pb";
import * as provider from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

const root = join(__dirname, "../..");

/** The schema of this repository as a component package, as the Pulumi CLI would ask for it. */
export async function readPackageSchema(): Promise<Record<string, unknown>> {
    const server = new grpc.Server();
    const answer = (_call: unknown, callback: (error: null, value: Empty) => void) => callback(null, new Empty());
    server.addService(engine.EngineService, { log: answer, setRootResource: answer });
    const port = await new Promise<number>((resolve, reject) => {
        server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
            error ? reject(error) : resolve(bound),
        );
    });
    const plugin = spawn(
        process.execPath,
        [
            ...["--require", join(__dirname, "transpileOnly.cjs")],
            join(root, "node_modules/@pulumi/pulumi/cmd/run-plugin"),
            root,
            `127.0.0.1:${port}`,
        ],
        { cwd: root, stdio: ["ignore", "pipe", "pipe"] },
    );
    const said: string[] = [];
    plugin.stderr.on("data", (chunk: Buffer) => said.push(chunk.toString()));
    const ended = once(plugin, "exit");
    try {
        const pluginPort = await Promise.race([
            once(plugin.stdout, "data").then(([chunk]) => String(chunk).trim()),
            ended.then(() => {
                throw new Error(`the plugin did not start: ${said.join("")}`);
            }),
        ]);
        return await askForSchema(`127.0.0.1:${pluginPort}`);
    } finally {
        plugin.kill();
        await ended;
        server.forceShutdown();
    }
}

async function askForSchema(address: string): Promise<Record<string, unknown>> {
    const client = new provider.ResourceProviderClient(address, grpc.credentials.createInsecure(), {
        "grpc.max_receive_message_length": 100_000_000,
    });
    try {
        return await new Promise((resolve, reject) => {
            client.getSchema(new messages.GetSchemaRequest(), (error, response) =>
                error ? reject(error) : resolve(JSON.parse(response.getSchema())),
            );
        });
    } finally {
        client.close();
    }
}
