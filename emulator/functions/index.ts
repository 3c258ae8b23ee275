import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { messageOf } from "../core/errors";
import { listen } from "../core/http";
import { isFunctionCategory, type LogEntry } from "../core/log";
import type { CoreServices } from "../core/services";
import { createTrustingAgent, fetchOver } from "../core/tls/trust";
import { trustSettings } from "./certificates";
import { coreToolsEnvironment, findCoreTools, isForCoreTools } from "./coreTools";
import { createDebuggerLines } from "./debuggerLines";
import { createAuthenticator } from "./easyAuth";
import { createEnvironment } from "./environment";
import { type AppInspection, inspectApp } from "./inspect";
import { flexListeners } from "./listeners";
import { openLogFile } from "./logs/file";
import { createLogFilter, readLogFilter } from "./logs/filter";
import type { CorsSettings, FunctionApp, FunctionAppOptions, HostKeys, OneDeployBody } from "./options";
import { type CodeFolder, createAppCode, type FetchedPackage } from "./package/code";
import { oneDeployFaults } from "./package/oneDeploy";
import { packageSettingFault } from "./package/settings";
import { createSettingReferences } from "./references";
import { describeNode, resolveRuntime } from "./runtime";
import { openSession } from "./session";
import { type Launch, Supervisor } from "./supervisor";
import { createTurns } from "./turns";

export type { EasyAuthSettings } from "./easyAuth";
export { flexListeners, type ListenerTable } from "./listeners";
export type {
    CorsSettings,
    DeploymentStorage,
    FunctionAddress,
    FunctionApp,
    FunctionAppIdentities,
    FunctionAppOptions,
    FunctionsHost,
    HostKeys,
    HostStatus,
    OneDeployBody,
    PlanSku,
} from "./options";

const defaultUnanswered = 100_000;
const defaultDeaf = 60_000;
/** For as long as somebody thinks in a debugger; setTimeout cannot wait longer. */
const unlimited = 2 ** 31 - 1;
/** Options whose change needs a new host. */
const restartsFor = [
    "identities",
    "keyVaultReferencePrincipalId",
    "runtime",
    "sku",
    "isLinux",
    "flexListeners",
    "deployment",
    "codeFolder",
    "cors",
    "easyAuth",
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
    const logFile = openLogFile({
        file: path.join(path.resolve(options.folder), "app.log"),
        onFailure: (message) => core.log({ level: "warning", source, message }),
    });
    let inspection: AppInspection | undefined;
    const log = (entry: LogEntry) => {
        logFile.write({ ...entry, multiline: entry.multiline ?? isFunctionCategory(entry.category) }, core.clock.now());
        inspection?.log(entry);
        core.log(entry);
    };
    const { inspectPort } = options;
    const isInspected = inspectPort !== undefined;
    checkApp(options, settings);
    const agent = createTrustingAgent(core.tls);
    const code = createAppCode({
        options: () => options,
        identity: core.identity,
        fetch: fetchOver(agent),
        clock: core.clock,
        log: (level, message) => log({ level, source, message }),
    });
    const references = createSettingReferences({
        clock: core.clock,
        references: core.references,
        log: (level, message) => log({ level, source, message }),
        principalId: () => options.keyVaultReferencePrincipalId ?? options.identities.systemAssigned?.principalId,
        keepsValues: core.azureTiming !== undefined,
        onChange: () => void inTurn(() => supervisor.restart()),
    });
    let session = openSession({ options, core });
    const inTurn = createTurns();

    const server = createServer({ pauseOnConnect: true });
    const port = await listen(server, options.port === undefined ? {} : { port: options.port });
    const hostName = `localhost:${port}`;
    const supervisor = new Supervisor({
        clock: core.clock,
        log: (level, message, more) => log({ level, source, message, ...more }),
        say: (level, message) => log({ level, source, message, multiline: true }),
        onInspect: createDebuggerLines({
            port: inspectPort,
            say: (level, message) => log({ level, source, asked: true, message }),
        }),
        authenticate: createAuthenticator(core.identity, () => options.easyAuth),
        launch: async () => createLaunch(await code.current(settings)),
        deafMilliseconds: isInspected ? Number.POSITIVE_INFINITY : (options.deafMilliseconds ?? defaultDeaf),
        port,
        servers: core.servers,
        recording: () => inspection?.recording() ?? {},
    });
    inspection = inspectApp({
        core,
        id: options.id,
        name: source,
        url: `http://${hostName}`,
        fetch: fetchOver(agent),
        functions: () => supervisor.functions(),
        status: () => supervisor.status(),
        hostKeys: async () => (await supervisor.call({ method: "hostKeys" })) as HostKeys,
        record: (on) => supervisor.record(on),
    });
    server.on("connection", supervisor.accept);

    async function createLaunch({ folder: codeFolder, isReadOnly }: CodeFolder): Promise<Launch> {
        const homeFolder = path.join(path.resolve(options.folder), "home");
        mkdirSync(homeFolder, { recursive: true });
        const coreTools = coreToolsOf(options, settings);
        const temporaryFolder = path.join(homeFolder, "tmp");
        if (coreTools !== undefined) {
            mkdirSync(temporaryFolder, { recursive: true });
        }
        const resolved = references.resolve(settings);
        const authority = await core.tls?.authority();
        const environment = createEnvironment({
            settings: {
                ...resolved.settings,
                ...trustSettings({ settings: resolved.settings, authority, codeFolder, folder: options.folder }),
            },
            platform: {
                options,
                hostName,
                instanceId,
                homeFolder,
                ...(authority && { authority }),
                ...(coreTools !== undefined && { machine: coreToolsEnvironment(temporaryFolder) }),
                ...(session === undefined
                    ? {}
                    : { identity: { endpoint: core.identity.endpoint, header: session.header } }),
            },
        });
        return {
            problems: resolved.problems,
            // Core Tools follow host.json themselves.
            filter: coreTools === undefined ? readLogFilter({ codeFolder, environment }) : createLogFilter([]),
            environment,
            config: {
                codeFolder,
                stateFolder: path.resolve(options.folder),
                hostName,
                port,
                unansweredMilliseconds: isInspected ? unlimited : (options.unansweredMilliseconds ?? defaultUnanswered),
                isReadOnly,
                ...platformCors(options),
                ...(options.easyAuth && { easyAuth: options.easyAuth }),
                ...(isInspected && { inspectPort }),
                ...(coreTools !== undefined && { coreTools }),
                plan: { sku: options.sku ?? "Dedicated", isLinux: options.isLinux ?? true },
                ...(authority && { leaf: authority.leaf }),
                allowedHosts: core.servers?.allowedHosts ?? [],
                ...(options.sku === "FlexConsumption" && {
                    listeners: (options.flexListeners ?? flexListeners).triggers,
                }),
            },
        };
    }

    /** Throws for a runtime that cannot run here. Otherwise logs a difference in Node's version once. */
    function checkApp(next: FunctionAppOptions, nextSettings: Record<string, string>): void {
        const runtime = resolveRuntime({ runtime: next.runtime, settings: nextSettings });
        const message = coreToolsOf(next, nextSettings) === undefined ? describeNode(runtime) : undefined;
        if (message !== undefined && message !== saidNode) {
            saidNode = message;
            log({ level: "info", source, message });
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
            const candidate = await supervisor.prepare(await createLaunch(fetched));
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
                    references.forget();
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
                references.forget();
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
        async functionKeys(name) {
            return (await supervisor.call({ method: "functionKeys", argument: name })) as Record<string, string>;
        },
        functions: () => supervisor.functions().map(({ name }) => name),
        addresses: () => supervisor.functions(),
        logFile: logFile.path,
        status: () => supervisor.status(),
        ready: () => supervisor.ready(),
        wake: () => supervisor.wake(),
        async close() {
            server.close();
            inspection?.close();
            references.close();
            await supervisor.close();
            session?.close();
            await code.close();
            logFile.flush();
            await agent.destroy();
        },
    };
}

/** Path of `func` for an app that it runs; undefined for others. Throws when `func` is not there. */
function coreToolsOf(options: FunctionAppOptions, settings: Record<string, string>): string | undefined {
    const runtime = resolveRuntime({ runtime: options.runtime, settings });
    return isForCoreTools({ runtime, ...(options.functionsHost && { functionsHost: options.functionsHost }) })
        ? findCoreTools({ app: options.name, runtime })
        : undefined;
}

/**
 * Who may call from a page of another origin, where the platform decides and not the app. On Flex Consumption the host itself asks
 * an empty list too, so that its functions see no preflight. Source: WebScriptHostBuilderExtension.cs of Azure/azure-functions-host.
 */
function platformCors({ cors, sku }: FunctionAppOptions): { cors?: CorsSettings } {
    if (cors === undefined || cors.allowedOrigins.length === 0) {
        return sku === "FlexConsumption" ? { cors: { allowedOrigins: [] } } : {};
    }
    return { cors };
}
