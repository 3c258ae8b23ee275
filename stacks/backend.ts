import { InputPropertiesError, InputPropertyError, RunError } from "@pulumi/pulumi";
import { SocketIOBackend, type SocketIOBackendArgs } from "../components";
import { buildFunctionApp } from "./build";
import type { StackConfig } from "./config";

/** Creates the backend that the stack's configuration asks for; what does not fit is a `RunError`, shown without a stack trace. */
export function createBackend(name: string, config: StackConfig): SocketIOBackend {
    try {
        return createKind(name, config);
    } catch (error) {
        const isInput = InputPropertyError.isInstance(error) || InputPropertiesError.isInstance(error);
        throw isInput ? new RunError(error.message) : error;
    }
}

function createKind(name: string, config: StackConfig): SocketIOBackend {
    switch (config.backend) {
        case "socket-io":
            return new SocketIOBackend(name, {
                codePath: buildFunctionApp(config.codePath),
                sku: config.sku,
                units: config.units,
                zoneRedundant: config.zoneRedundant,
                keySource: config.keySource,
                // A discovered key belongs to the extension, so there is nothing to rotate from here.
                keyRotation: config.keySource === "Discovered" ? undefined : config.keyRotation,
                connectionAuth: config.connectionAuth,
                appSettings: { HeartbeatSchedule: config.heartbeatSchedule },
                ...hostingOf(config),
            });
    }
}

/** Instance size and counts are settings of the app on Flex Consumption, and of the plan's size elsewhere. */
function hostingOf(config: StackConfig): Partial<SocketIOBackendArgs> {
    const { plan, alwaysReadyInstances } = config;
    if (plan !== "FC1") {
        return { plan: "ElasticPremium", premiumSize: plan };
    }
    return {
        instanceMemoryMB: config.instanceMemoryMB,
        maximumInstanceCount: config.maximumInstanceCount,
        alwaysReady: alwaysReadyInstances === 0 ? [] : [{ name: "http", instanceCount: alwaysReadyInstances }],
    };
}
