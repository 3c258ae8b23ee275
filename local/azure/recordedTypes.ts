import type { Handler } from "../engine/handler";
import { type ArmSpec, armHandler } from "./armHandler";
import { privateEndpointSpec, sharedPrivateLinkSpec } from "./privateLinks";
import { recordedSpecs } from "./recordedSpecs";
import { scaleRules } from "./scale";

// On loopback nothing is private, but connections and their approval decide who reads a closed vault.
const sharedPrivateLink = { ...sharedPrivateLinkSpec, recorded: false };
const acting = new Map<string, Partial<ArmSpec>>([
    ["azure-native:network:PrivateEndpoint", privateEndpointSpec],
    ["azure-native:webpubsub:WebPubSubSharedPrivateLinkResource", sharedPrivateLink],
    ["azure-native:signalrservice:SignalRSharedPrivateLinkResource", sharedPrivateLink],
]);

/** Types that the local Azure checks as Azure does and records, without what they do on Azure. */
export const recordedHandlers: Handler[] = recordedSpecs.map((spec) =>
    armHandler({ ...spec, ...scaleRules.get(spec.token), recorded: true, ...acting.get(spec.token) }),
);
