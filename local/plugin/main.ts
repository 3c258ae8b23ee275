import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { parsePlace } from "../engine/urn";
import { type Connection, connect } from "./connect";
import { logFileIn } from "./contact";
import { watchEngine } from "./engineWatch";
import { startRelay } from "./relay";
import { createSchema } from "./schema";

const root = resolve(__dirname, "../..");

function sdkVersion(name: string): string {
    const file = createRequire(__filename).resolve(`@pulumi/${name}/package.json`);
    return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

/** Prints a message in the CLI. */
function announce({ engineAddress, urn, text }: { engineAddress: string; urn: string; text: string }): void {
    const engine = new EngineClient(engineAddress, grpc.credentials.createInsecure());
    const message = new LogRequest().setSeverity(LogSeverity.INFO).setUrn(urn).setMessage(text);
    engine.log(message, () => engine.close());
}

/** Runs a plugin process for the package of the given name. The CLI passes the engine's address as first argument. */
export async function runPlugin(
    name: "azure-native" | "random",
    engineAddress: string | undefined = process.argv[2],
): Promise<void> {
    const version = sdkVersion(name);
    const data = process.env.AZURE_REALTIME_DATA ?? join(root, ".azure-realtime");

    function print(urn: string, text: string): void {
        if (engineAddress) {
            announce({ engineAddress, urn, text });
        }
    }

    async function connectTo(urn: string): Promise<Connection> {
        const { project, stack } = parsePlace(urn);
        const folder = join(data, project, stack);
        const connection = await connect({ folder, stack });
        if (connection.started) {
            const { pid } = connection.contact;
            print(
                urn,
                `The local Azure of stack "${stack}" runs in process ${pid} until pulumi destroy or kill ${pid}. Its log is ${logFileIn(folder)}`,
            );
        }
        return connection;
    }

    if (engineAddress) {
        watchEngine({ address: engineAddress, onGone: () => process.exit(0) });
    }
    const port = await startRelay({
        version,
        schema: () => createSchema({ name, version }),
        connect: connectTo,
        print,
    });
    process.stdout.write(`${port}\n`);
}
