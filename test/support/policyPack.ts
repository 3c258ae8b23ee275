import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import {
    AnalyzeRequest,
    type AnalyzeResponse,
    AnalyzerResource,
    AnalyzerResourceOptions,
    AnalyzeStackRequest,
} from "@pulumi/pulumi/proto/analyzer_pb";
import { encode, type Properties } from "../../local/engine/values";

const root = join(__dirname, "../..");

export interface Violation {
    policy: string;
    message: string;
}

interface Analyzed {
    type: string;
    name: string;
    urn: string;
    inputs: Properties;
}

export interface RunningPolicyPack {
    analyze(resource: Analyzed): Promise<Violation[]>;
    /** Judges all resources of a stack together, each with the URNs that it refers to. */
    analyzeStack(
        resources: (Analyzed & { dependencies: readonly string[] })[],
        options?: { protect?: boolean },
    ): Promise<Violation[]>;
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
            return violationsOf((done) => client.analyze(request, done));
        },
        async analyzeStack(resources, { protect = false } = {}) {
            const request = new AnalyzeStackRequest().setResourcesList(
                resources.map(({ type, name, urn, inputs, dependencies }) =>
                    new AnalyzerResource()
                        .setType(type)
                        .setName(name)
                        .setUrn(urn)
                        .setProperties(encode({ values: inputs, secrets: [] }))
                        .setDependenciesList([...dependencies])
                        .setOptions(new AnalyzerResourceOptions().setProtect(protect)),
                ),
            );
            return violationsOf((done) => client.analyzeStack(request, done));
        },
        async close() {
            client.close();
            pack.kill();
            await ended;
        },
    };
}

type Done = (error: grpc.ServiceError | null, answer: AnalyzeResponse) => void;

async function violationsOf(ask: (done: Done) => unknown): Promise<Violation[]> {
    const response = await new Promise<AnalyzeResponse>((resolve, reject) => {
        ask((error, answer) => (error ? reject(error) : resolve(answer)));
    });
    return response.getDiagnosticsList().map((one) => ({ policy: one.getPolicyname(), message: one.getMessage() }));
}
