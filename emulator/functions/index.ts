import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { messageOf } from "../core/errors";
import { listen } from "../core/http";
import type { CoreServices } from "../core/services";
import type { IdentitySession } from "../identity";
import { createEnvironment } from "./environment";
import { flexListeners } from "./listeners";
import type { FunctionApp, FunctionAppOptions, HostKeys, OneDeployBody } from "./options";
import { type CodeFolder, createAppCode, type FetchedPackage } from "./package/code";
import { oneDeployFaults } from "./package/oneDeploy";
import { packageSettingFault } from "./package/settings";
import { resolveReferences } from "./references";
import { checkRuntime, describeNode, resolveRuntime } from "./runtime";
import { type Launch, Supervisor } from "./supervisor";

export { flexListeners, type ListenerTable } from "./listeners";
export type {
    DeploymentStorage,
    FunctionApp,
    FunctionAppIdentities,
    FunctionAppOptions,
    HostKeys,
    HostStatus,
    OneDeployBody,
    PlanSku,
} from "./options";

const defaultUnanswered = 100_000;
const defaultDeaf = 60_000;
/** Options whose change needs a new host. */
const restartsFor = [
    "identities",
    "keyVaultReferencePrincipalId",
    "runtime",
    "sku",
    "flexListeners",
    "deployment",
    "codeFolder",
] as const;

/**
 * Opens a Function App: a port on this machine, and behind it a process that runs the app's code with its settings.
 * It starts with the first `setAppSettings` or `deploy`.
 */
export async function openFunctionApp(given: FunctionAppOptions, core: CoreServices): Promise<FunctionApp> {
    let options = given;
    let saidNode: string | undefined;
    let settings: Record<string, string> = {};
    let isStarted = false;
    const instanceId = randomBytes(16).toString("hex");
    const source = options.name;
    checkApp(options, settings);
    const code = createAppCode({
        options: () => options,
        identity: core.identity,
        fetch,
        log: (level, message) => core.log({ level, source, message }),
    });
    let session = openSession({ options, core });
    const inTurn = createTurns();

    const server = createServer({ pauseOnConnect: true });
    const port = await listen(server, options.port === undefined ? {} : { port: options.port });
    const hostName = `localhost:${port}`;
    const supervisor = new Supervisor({
        clock: core.clock,
        log: (level, message) => core.log({ level, source, message }),
        launch: async () => createLaunch(await code.current(settings)),
        deafMilliseconds: options.deafMilliseconds ?? defaultDeaf,
    });
    server.on("connection", supervisor.accept);

    function createLaunch({ folder: codeFolder, isReadOnly }: CodeFolder): Launch {
        const homeFolder = path.join(path.resolve(options.folder), "home");
        mkdirSync(homeFolder, { recursive: true });
        const resolved = resolveReferences({
            settings,
            references: core.references,
            principalId: options.keyVaultReferencePrincipalId ?? options.identities.systemAssigned?.principalId,
            log: core.log,
            source,
        });
        return {
            problems: resolved.problems,
            environment: createEnvironment({
                settings: resolved.settings,
                platform: {
                    options,
                    hostName,
                    instanceId,
                    homeFolder,
                    ...(session === undefined
                        ? {}
                        : { identity: { endpoint: core.identity.endpoint, header: session.header } }),
                },
            }),
            config: {
                codeFolder,
                stateFolder: path.resolve(options.folder),
                hostName,
                port,
                unansweredMilliseconds: options.unansweredMilliseconds ?? defaultUnanswered,
                isReadOnly,
                ...(options.sku === "FlexConsumption" && {
                    listeners: (options.flexListeners ?? flexListeners).triggers,
                }),
            },
        };
    }

    /** Throws for a runtime that cannot run here. Logs a difference in Node's version once. */
    function checkApp(next: FunctionAppOptions, nextSettings: Record<string, string>): void {
        const runtime = resolveRuntime({ runtime: next.runtime, settings: nextSettings });
        checkRuntime({ app: next.name, runtime });
        const message = describeNode(runtime);
        if (message !== undefined && message !== saidNode) {
            saidNode = message;
            core.log({ level: "info", source, message });
        }
    }

    async function restart(): Promise<void> {
        isStarted = true;
        await supervisor.restart();
    }

    async function deploy(body: OneDeployBody): Promise<void> {
        let fetched: FetchedPackage | undefined;
        try {
            const faults = oneDeployFaults({ body, sku: options.sku ?? "Dedicated", settings });
            if (faults.length > 0) {
                throw new Error(faults.join("\n"));
            }
            fetched = await code.fetch({ packageUri: body.packageUri, settings });
            isStarted = true;
            const candidate = await supervisor.prepare(createLaunch(fetched));
            try {
                await fetched.keep();
            } catch (error) {
                await candidate.leave();
                throw error;
            }
            candidate.take();
        } catch (error) {
            await fetched?.discard();
            throw new Error(`Function App '${options.name}' was not deployed: ${messageOf(error)}`);
        }
    }

    return {
        id: options.id,
        name: options.name,
        hostName,
        port,
        update: (changes) =>
            inTurn(async () => {
                const before = options;
                const next = { ...options, ...changes };
                checkApp(next, settings);
                options = next;
                if (!isDeepStrictEqual(before.identities, options.identities)) {
                    session?.close();
                    session = openSession({ options, core });
                }
                if (isStarted && restartsFor.some((name) => !isDeepStrictEqual(before[name], options[name]))) {
                    await restart();
                }
            }),
        setAppSettings: (next) =>
            inTurn(async () => {
                const fault = packageSettingFault({ before: settings, next });
                if (fault !== undefined) {
                    throw new Error(`Function App '${options.name}': app setting ${fault}`);
                }
                checkApp(options, next);
                settings = { ...next };
                await restart();
            }),
        deploy: (body) => inTurn(() => deploy(body)),
        hostKeys: async () => (await supervisor.call({ method: "hostKeys" })) as HostKeys,
        async setHostKey(argument) {
            await supervisor.call({ method: "setHostKey", argument });
        },
        async deleteHostKey(argument) {
            await supervisor.call({ method: "deleteHostKey", argument });
        },
        functions: () => supervisor.functions(),
        status: () => supervisor.status(),
        ready: () => supervisor.ready(),
        async close() {
            server.close();
            await supervisor.close();
            session?.close();
            await code.close();
        },
    };
}

/** Runs changes of an app one after the other, so that no host starts with settings that another change has replaced. */
function createTurns(): (work: () => Promise<void>) => Promise<void> {
    let last: Promise<void> = Promise.resolve();
    return (work) => {
        const turn = last.then(work);
        last = turn.catch(() => undefined);
        return turn;
    };
}

function openSession({
    options,
    core,
}: {
    options: FunctionAppOptions;
    core: CoreServices;
}): IdentitySession | undefined {
    const { systemAssigned, userAssigned = [] } = options.identities;
    const principals = systemAssigned === undefined ? userAssigned : [systemAssigned, ...userAssigned];
    return principals.length === 0 ? undefined : core.identity.openIdentitySession(principals);
}
