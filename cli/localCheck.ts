import type { ResourceState } from "../local/engine/state";
import type { Properties } from "../local/engine/values";
import { type StackJson, stackOf } from "./stackJson";
import { backendNames } from "./verify/backend";

/** What a check needs from a stack that runs on this machine. */
export interface LocalStack {
    outputs: Properties;
    resources: ResourceState[];
}

const timeoutMilliseconds = 30_000;

/** Tests a stack with clients: the chat of this repository binding by binding, and each backend of another program as `verify` does. */
export async function checkBackends(
    { outputs, resources }: LocalStack,
    print: (line: string) => void,
): Promise<boolean> {
    const isChat = outputs.backend !== undefined && outputs.pageUrl !== undefined;
    if (isChat) {
        const { runCheck } = require("../local/check") as typeof import("../local/check");
        return runCheck({ outputs, print });
    }
    const stack = stackOf({ outputs, resources });
    const names = backendNames(stack);
    if (names.length === 0) {
        print(
            "failed  the program has no backend of azure-realtime to check: SocketIOBackend, WebPubSubBackend or SignalRBackend.",
        );
        return false;
    }
    let passed = true;
    for (const component of names) {
        print(`\n${component}`);
        passed = (await checkOne({ stack, component, print })) && passed;
    }
    return passed;
}

async function checkOne({
    stack,
    component,
    print,
}: {
    stack: StackJson;
    component: string;
    print: (line: string) => void;
}): Promise<boolean> {
    const { readDeployed, verify } = require("./verify") as typeof import("./verify");
    const findings = await verify({
        deployed: readDeployed({ stack, component }),
        event: undefined,
        milliseconds: timeoutMilliseconds,
        fetch,
        now: Date.now,
        onFinding: ({ status, check, message }) => print(`${status.padEnd(8)}${check.padEnd(13)}${message}`),
    });
    return findings.every(({ status }) => status !== "failed");
}
