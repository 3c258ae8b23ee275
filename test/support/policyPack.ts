import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import { AnalyzeRequest, type AnalyzeResponse, AnalyzerResourceOptions } from "@pulumi/pulumi/proto/analyzer_pb";
import { encode, type Properties } from "../../local/engine/values";

const root = join(__dirname, "../..");

export interface Violation {
    policy: string;
    message: string;
}

export interface RunningPolicyPack {
    analyze(resource: { type: string; name: string; urn: string; inputs: Properties }): Promise<Violation[]>;
    close(): Promise<void>;
}

/** Starts this repository's policy pack as the Pulumi CLI does. */
export async function startPolicyPack(): Promise<RunningPolicyPack> {
    const folder = join(root, "policy");
    const pack = spawn(
        process.execPath,
        [join(root, "node_modules/@pulumi/pulumi/cmd/run-policy-pack"), "127.0.0.1:0", folder],
        { cwd: folder, stdio: ["ignore", "pipe", "pipe"] },
    );
    const said: string[] = [];
    pack.stderr.on("data", (chunk: Buffer) => said.push(chunk.toString()));
    const ended = once(pack, "exit");
    const port = await Promise.race([
        once(pack.stdout, "data").then(([chunk]) => String(chunk).trim()),
        ended.then(() => {
            throw new Error(`the policy pack did not start: ${said.join("")}`);
        }),
    ]);
    const client = new AnalyzerClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
    return {
        async analyze({ type, name, urn, inputs }) {
            const request = new AnalyzeRequest()
                .setType(type)
                .setName(name)
                .setUrn(urn)
                .setProperties(encode({ values: inputs, secrets: [] }))
                .setOptions(new AnalyzerResourceOptions());
            const response = await new Promise<AnalyzeResponse>((resolve, reject) =>
                client.analyze(request, (error, answer) => (error ? reject(error) : resolve(answer))),
            );
            return response
                .getDiagnosticsList()
                .map((one) => ({ policy: one.getPolicyname(), message: one.getMessage() }));
        },
        async close() {
            client.close();
            pack.kill();
            await ended;
        },
    };
}
