import { type Output, secret } from "@pulumi/pulumi";
import {
    type BackendArgs,
    type BackendHub,
    type Cors,
    type HubBackendArgs,
    SignalRBackend,
    SocketIOBackend,
    type SystemEvent,
    WebPubSubBackend,
} from "../components";
import { buildFunctionApp } from "./build";
import type { StackConfig } from "./config";
import { keepFormerNames } from "./formerNames";

/** What the program exports and watches, whichever backend it is. */
export type Backend = (SocketIOBackend | WebPubSubBackend | SignalRBackend) & { hubNames?: Output<string[]> };

/** Creates the backend that the stack's configuration asks for. */
export function createBackend(name: string, config: StackConfig): Backend {
    const args = argsOf(config);
    const opts = { transformations: [keepFormerNames(name)] };
    switch (config.backend) {
        case "socketio":
            return new SocketIOBackend(
                name,
                {
                    ...args,
                    hubs: hubsOf(config),
                    appSettings: { HeartbeatSchedule: config.heartbeatSchedule, ...args.appSettings },
                },
                opts,
            );
        case "webpubsub":
            return new WebPubSubBackend(name, { ...args, hubs: hubsOf(config) ?? [{ name: "chat" }] }, opts);
        case "signalr":
            return new SignalRBackend(name, { ...args, hubNames: ["chat"] }, opts);
    }
}

/** The hubs that a configuration names, with the system events that it names. */
function hubsOf({ backend, hubs, systemEvents }: StackConfig): BackendHub[] | undefined {
    const isAuto = systemEvents.includes("auto");
    if (hubs.length === 0 && isAuto) {
        return undefined;
    }
    const names = hubs.length === 0 ? [backend === "webpubsub" ? "chat" : "hub"] : hubs;
    const eventHandlers = [{ systemEvents: systemEvents as SystemEvent[] }];
    return names.map((name) => ({ name, ...(!isAuto && { eventHandlers }) }));
}

type Args = Omit<BackendArgs, "appSettings"> &
    Pick<HubBackendArgs, "sku" | "capacity" | "autoscale" | "replicas"> & {
        appSettings: Record<string, Output<string>>;
    };

function argsOf(config: StackConfig): Args {
    const { appSettings, cors } = config;
    return {
        codePath: buildFunctionApp(config.codePath === "" ? `functions/${config.backend}-chat` : config.codePath),
        sku: config.sku,
        capacity: config.capacity,
        zoneRedundant: config.zoneRedundant,
        packageDelivery: config.packageDelivery === "" ? undefined : config.packageDelivery,
        allowSocketIOTriggerOnFlex: config.allowSocketIOTriggerOnFlex,
        roleDelaySeconds: config.roleDelaySeconds,
        keySource: config.keySource,
        // A discovered key belongs to the extension, so there is nothing to rotate from here.
        keyRotation: config.keySource === "Discovered" ? undefined : config.keyRotation,
        connectionAuth: config.connectionAuth,
        connectionName: config.connectionName === "" ? undefined : config.connectionName,
        negotiateFunctionName: config.negotiateFunctionName,
        cors: Object.keys(cors).length === 0 ? undefined : (cors as unknown as Cors),
        // Secret, because the configuration may hold them encrypted.
        appSettings: Object.fromEntries(
            Object.entries(appSettings).map(([key, value]) => [key, secret(String(value))]),
        ),
        ...hostingOf(config),
        protectData: config.protectData,
        lockData: config.lockData,
        privateNetwork: networkOf(config),
        ...monitoringOf(config),
        ...scaleOf(config),
    };
}

function monitoringOf(config: StackConfig): Pick<BackendArgs, "diagnostics" | "alerts" | "workbook"> {
    const alerts = {
        emailAddress: config.alertEmail === "" ? undefined : config.alertEmail,
        failedRequests: config.alertFailedRequests,
        connectionUtilization: config.alertConnectionUtilization,
        serverLoad: config.alertServerLoad,
    };
    return {
        diagnostics: config.diagnostics ? {} : undefined,
        alerts: config.alerts ? alerts : undefined,
        workbook: config.workbook ? {} : undefined,
    };
}

function scaleOf(config: StackConfig): Pick<Args, "autoscale" | "replicas"> {
    const { autoscaleMinimum, autoscaleMaximum, replicas, replicaEndpoints: open } = config;
    const regionEndpointEnabled = open === "" ? undefined : open === "Enabled";
    const autoscale = {
        minimumCapacity: autoscaleMinimum === 0 ? undefined : autoscaleMinimum,
        maximumCapacity: autoscaleMaximum,
    };
    return {
        autoscale: autoscaleMaximum === 0 ? undefined : autoscale,
        replicas:
            replicas.length === 0
                ? undefined
                : replicas.map((region) => ({ name: region, location: region, regionEndpointEnabled })),
    };
}

function networkOf(config: StackConfig): BackendArgs["privateNetwork"] {
    const { privateNetwork, networkClients: clients, networkApp: app, deployerIpRanges } = config;
    const ranges = deployerIpRanges.length > 0 && { deployerIpRanges: [...deployerIpRanges] };
    return privateNetwork ? { clients, app, ...ranges } : undefined;
}

/** The plan that a configuration names by its size. Memory and counts of instances are settings of Flex Consumption. */
function hostingOf(config: StackConfig): Omit<Partial<BackendArgs>, "appSettings"> {
    const { plan, alwaysReadyInstances } = config;
    if (plan === "Y1") {
        return { plan: "Consumption" };
    }
    const flex = {
        instanceMemoryMB: config.instanceMemoryMB,
        maximumInstanceCount: config.maximumInstanceCount,
        alwaysReady: alwaysReadyInstances === 0 ? [] : [{ name: "http", instanceCount: alwaysReadyInstances }],
    };
    if (plan === "FC1") {
        return { plan: "FlexConsumption", ...flex };
    }
    if (plan === "") {
        return config.backend === "socketio" ? {} : flex;
    }
    return { plan: plan.startsWith("EP") ? "ElasticPremium" : "Dedicated", planSku: plan };
}
