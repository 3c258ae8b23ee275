import { FunctionRuntime, HostingPlan } from "../functionApp/args";
import { appKinds, checkFunctionAppOptions } from "../functionApp/check";
import { connectionNameRule } from "../functionApp/connectionName";
import type { CheckedEventAuth } from "../functionApp/easyAuthArgs";
import { connectionReserved, hubsReserved, keyStoreReserved } from "../functionApp/settings";
import { type CheckedCode, checkFunctionCodeOptions } from "../functionCode/check";
import { HostKeySource } from "../hostKeys/args";
import { checkHostKeysOptions } from "../hostKeys/check";
import { type CheckedHubOptions, checkHandlers, checkHubOptions } from "../hub/check";
import { refuseTooMany } from "../hub/eventListeners";
import type { AlertsOptions } from "../monitoring/args";
import { checkMonitoring, needsGroup } from "../monitoring/check";
import {
    checkAdoptable,
    checkServiceOptions,
    checkSignalROptions,
    checkUpstreams,
    serviceIdRules,
    serviceKindsOf,
} from "../service/check";
import { refuseKeyVault } from "../service/customDomain";
import { type Checks, oneOf, type Rule, show, startChecks } from "../shared/checks";
import { nameRule } from "../shared/names";
import { checkNaming } from "../shared/naming";
import { RealtimeExtension, type ServiceKind } from "../shared/serviceKinds";
import { itemsOf, readArgs } from "../shared/shape";
import {
    type BackendArgs,
    type BackendHub,
    ConnectionAuth,
    type HubBackendArgs,
    type SignalRBackendArgs,
} from "./args";
import { type CheckedBackendNetwork, checkBackendNetwork } from "./checkNetwork";
import { checkBackendSlot } from "./checkStagingSlot";
import { checkBackendAuth, checkOwnTargets } from "./eventAuth";
import { hubBackendShape, signalRBackendShape } from "./shape";
import { completeHandlers, type EventTriggers, findEventTriggers, findSignalRHubs } from "./systemEvents";

/** What the check of a backend adds to its args. */
export interface Resolved {
    kind: ServiceKind;
    plan: HostingPlan;
    keySource: HostKeySource;
    connectionAuth: ConnectionAuth;
    /** Path of the function that gives clients their token: `/api/negotiate`. */
    negotiatePath: string;
    eventAuth: CheckedEventAuth | undefined;
    privateNetwork?: CheckedBackendNetwork;
}

export type CheckedBackendArgs = Omit<BackendArgs, "eventAuth"> & Resolved;
export type CheckedHub = Omit<BackendHub, "eventListeners"> & CheckedHubOptions;
export type CheckedHubBackendArgs = Omit<HubBackendArgs, "hubs" | "eventAuth"> &
    Resolved & { hubs: CheckedHub[]; hubNames: string[] };
export type CheckedSignalRBackendArgs = Omit<SignalRBackendArgs, "eventAuth"> & Resolved & { hubNames: string[] };

/** Checks the args of SocketIOBackend and WebPubSubBackend; throws every fault at once. */
export function checkHubBackendArgs(
    component: string,
    given: HubBackendArgs,
    kind: ServiceKind,
): CheckedHubBackendArgs {
    const checks = startChecks(component);
    const args = readArgs(checks, given, hubBackendShape);
    const { files, ...backend } = checkBackendArgs(checks, args, kind);
    const { runtime = FunctionRuntime.Node } = args;
    const triggers = findEventTriggers({ files, runtime, extension: kind.extension });
    const hubs = checkHubs(checks, args.hubs, files.length === 0 ? undefined : triggers);
    for (const [index, hub] of itemsOf(args.hubs).entries()) {
        const own = { targets: hub.eventHandlers, auth: backend.eventAuth };
        checkOwnTargets(checks, `hubs[${index}].eventHandlers`, own);
    }
    const service = checkServiceOptions(checks, args);
    const checked = {
        ...backend,
        ...service,
        ...checkAdoptable(checks, args, serviceIdRules.webPubSub),
        customDomains: checkDomains(checks, { ...args, ...service }),
        hubs,
        hubNames: hubs.map(({ name }) => name),
        planSku: checkBackendSlot(checks, backend, { hubs, inCode: (triggers ?? []).flatMap(({ hub }) => hub ?? []) }),
    };
    checks.refuse();
    return checked;
}

/** Checks the args of SignalRBackend; throws every fault at once. */
export function checkSignalRBackendArgs(
    component: string,
    given: SignalRBackendArgs,
    kind: ServiceKind,
): CheckedSignalRBackendArgs {
    const checks = startChecks(component);
    const args = readArgs(checks, given, signalRBackendShape);
    const { files, ...backend } = checkBackendArgs(checks, args, kind);
    const service = checkServiceOptions(checks, args);
    const hubNames = checkHubNames(checks, args.hubNames);
    const checked = {
        ...backend,
        ...service,
        ...checkSignalROptions(checks, args),
        customDomains: checkDomains(checks, { ...args, ...service }),
        upstreamTemplates: checkUpstreams(checks, args.upstreamTemplates, { urlOptional: true }),
        hubNames,
        planSku: checkBackendSlot(checks, backend, {
            hubs: hubNames.map((name) => ({ name })),
            inCode: findSignalRHubs({ files, runtime: args.runtime ?? FunctionRuntime.Node }),
        }),
    };
    checkOwnTargets(checks, "upstreamTemplates", { targets: args.upstreamTemplates, auth: backend.eventAuth });
    if (args.keySource === HostKeySource.Discovered) {
        // The extension creates its key when it has settings; the settings need the service, and the service needs the key.
        checks.fault(
            "keySource",
            "a SignalR Service needs the key before the app runs, and Discovered has a key only after. Use KeyVault or HostKey.",
        );
    }
    checks.refuse();
    return checked;
}

/** Kinds of names that a backend needs, each with what makes a name needless. */
function kindsOf(args: BackendArgs & Partial<HubBackendArgs>, { extension }: ServiceKind) {
    const vault = args.vaultName ?? args.vaultId;
    const inVault = args.keySource === HostKeySource.KeyVault;
    return {
        rg: args.resourceGroupName,
        stcode: args.packageAccountName,
        ...appKinds(args),
        ...serviceKindsOf(args, extension === RealtimeExtension.SignalR ? "sigr" : "wps"),
        ...(args.privateNetwork !== undefined && { vnet: args.privateNetwork.appSubnetId }),
        ...(args.alerts !== undefined && needsGroup(args.alerts as AlertsOptions) && { ag: undefined }),
        ...(inVault && { kv: vault }),
        ...(args.stagingSlot && { kvslot: undefined }),
        ...(!inVault && args.connectionAuth === ConnectionAuth.AccessKey && { kvcon: vault }),
    };
}

/** The host's keys and certificates need different vaults. The options of the service are checked before. */
function checkDomains(
    checks: Checks,
    args: BackendArgs & Pick<HubBackendArgs, "customDomains">,
): HubBackendArgs["customDomains"] {
    const { keySource = HostKeySource.KeyVault, customDomains, vaultId, vaultName } = args;
    return refuseKeyVault(checks, customDomains, keySource === HostKeySource.KeyVault ? { vaultId, vaultName } : {});
}

/** Checks what every backend takes, under the names that the caller wrote. */
function checkBackendArgs<A extends BackendArgs>(
    checks: Checks,
    args: A,
    kind: ServiceKind,
): Omit<A, "eventAuth"> & Resolved & Pick<CheckedCode, "files"> {
    const { keySource = HostKeySource.KeyVault, connectionAuth = ConnectionAuth.Identity } = args;
    const { negotiateFunctionName = "negotiate", connectionName } = args;
    const plan = args.plan ?? defaultPlan(kind, args.runtime);
    checks.plain("keySource", keySource, oneOf(HostKeySource));
    checks.plain("connectionAuth", connectionAuth, oneOf(ConnectionAuth));
    checks.plain("connectionName", connectionName, connectionNameRule(plan));
    checks.plain("negotiateFunctionName", negotiateFunctionName, functionNameRule);
    if (kind.extension === RealtimeExtension.SocketIO && args.runtime === FunctionRuntime.DotnetIsolated) {
        checks.fault("runtime", "the Socket.IO extension has no dotnet-isolated worker package. Use another language.");
    }
    checkVaultIsUsed(checks, { ...args, keySource, connectionAuth });
    // A setting beside the connection's own would be read by the extension as well.
    const reserved = [
        connectionReserved({ service: kind.extension, connectionName }),
        hubsReserved({ service: kind.extension }),
        keyStoreReserved,
    ];
    checkNaming(checks, args.naming, kindsOf({ ...args, keySource, connectionAuth }, kind));
    const identity = connectionAuth === ConnectionAuth.Identity;
    const code = checkFunctionCodeOptions(checks, { ...args, plan, identity, extension: kind.extension });
    const prefix = code.routePrefix === "" ? "" : `/${code.routePrefix}`;
    const negotiatePath = `${prefix}/${negotiateFunctionName}`;
    return {
        ...args,
        resourceGroupName: checks.input("resourceGroupName", args.resourceGroupName, nameRule("resourceGroup")),
        ...checkHostKeysOptions(checks, args, { source: keySource, path: "keySource" }),
        ...checkFunctionAppOptions(checks, { ...args, plan }, reserved),
        ...code.checked,
        ...checkMonitoring(checks, args),
        kind,
        plan,
        keySource,
        connectionAuth,
        negotiatePath,
        eventAuth: checkBackendAuth(checks, { ...args, routePrefix: code.routePrefix, negotiatePath }),
        privateNetwork: checkBackendNetwork(checks, { ...args, plan, keySource }, kind),
        files: code.files,
    };
}

/**
 * Flex Consumption does not start the Socket.IO trigger. Of the plans that do, Consumption is the vendor's own for it and costs
 * nothing at rest; it runs on Windows, which has no Python.
 */
function defaultPlan({ extension }: ServiceKind, runtime: FunctionRuntime | undefined): HostingPlan {
    if (extension !== RealtimeExtension.SocketIO) {
        return HostingPlan.FlexConsumption;
    }
    return runtime === FunctionRuntime.Python ? HostingPlan.Dedicated : HostingPlan.Consumption;
}

const functionNameRule: Rule<string> = (value) =>
    typeof value === "string" && /^[A-Za-z][A-Za-z0-9_-]{0,127}$/.test(value)
        ? undefined
        : `${show(value)} is not a function name. Allowed: 1-128 letters, digits, underscores and hyphens, a letter first.`;

function checkVaultIsUsed(
    checks: Checks,
    args: Pick<CheckedBackendArgs, "keySource" | "connectionAuth" | "vaultName" | "vaultId">,
): void {
    if (args.keySource === HostKeySource.KeyVault || args.connectionAuth === ConnectionAuth.AccessKey) {
        return;
    }
    for (const key of ["vaultName", "vaultId"] as const) {
        if (args[key] !== undefined) {
            checks.fault(
                key,
                "nothing is kept in a vault: that takes keySource KeyVault or connectionAuth AccessKey. Remove it.",
            );
        }
    }
}

const defaultHubs: BackendHub[] = [{ name: "hub" }];

function checkHubs(checks: Checks, given: HubBackendArgs["hubs"], triggers: EventTriggers): CheckedHub[] {
    if (given?.length === 0) {
        checks.fault("hubs", "a backend needs a hub. Name one, or leave hubs out for one named hub.");
    }
    const hubs = itemsOf(given ?? defaultHubs);
    const checked = hubs.map((hub, index): CheckedHub => {
        const part = checks.at(`hubs[${index}].`);
        part.plain("name", hub.name, nameRule("hub"));
        const eventHandlers = checkHandlers(part, hub.eventHandlers, { urlOptional: true });
        const completed = completeHandlers(part, hub, eventHandlers, triggers);
        return { ...hub, ...checkHubOptions(part, hub), eventHandlers: completed };
    });
    for (const { index, name, first } of repeatedHubs(hubs.map((hub) => hub.name))) {
        checks.fault(
            `hubs[${index}].name`,
            `"${name}" is the same hub as "${first}": hub names ignore letter case. Give each hub a name of its own.`,
        );
    }
    refuseTooMany(
        checks,
        "hubs",
        checked.reduce((sum, { eventListeners }) => sum + eventListeners.length, 0),
    );
    return checked;
}

function checkHubNames(checks: Checks, given: SignalRBackendArgs["hubNames"]): string[] {
    const names = given ?? defaultHubs.map(({ name }) => name);
    checks.plain("hubNames", names, (known: readonly unknown[]) =>
        Array.isArray(known) && known.length > 0
            ? undefined
            : "it must list a name or more. Name one, or leave it out for one hub named hub.",
    );
    if (!Array.isArray(names)) {
        return [];
    }
    for (const [index, name] of names.entries()) {
        checks.plain(`hubNames[${index}]`, name, nameRule("hub"));
    }
    // SignalR tells hubs of different letter case apart, but their settings would be the same.
    for (const { index, name, first } of repeatedHubs(names.map(String))) {
        checks.fault(
            `hubNames[${index}]`,
            `"${name}" differs from "${first}" in letter case at most, which app settings ignore. Give each hub a name of its own.`,
        );
    }
    return names;
}

/** Later hubs whose name an earlier one has; hub names ignore letter case. */
export function repeatedHubs(names: readonly (string | undefined)[]): { index: number; name: string; first: string }[] {
    return names.flatMap((name, index) => {
        const first = names.slice(0, index).find((earlier) => earlier?.toLowerCase() === name?.toLowerCase());
        return name === undefined || first === undefined ? [] : [{ index, name, first }];
    });
}
