import { isObject } from "../engine/values";
import { armError } from "./armErrors";
import type { ArmSpec, MakeContext } from "./armHandler";
import { parseId } from "./ids";
import { text } from "./inputs";
import { tierFaults } from "./serviceTiers";
import type { World } from "./world";

/** What Azure holds against other resources, of types that are otherwise only recorded. */
type Rules = Pick<ArmSpec, "faults" | "make">;

const tierOf = (sku: unknown) => (isObject(sku) && typeof sku.name === "string" ? sku.name : undefined);
const isPremium = (sku: unknown) => tierOf(sku)?.startsWith("Premium") ?? true;

/** Refuses what only a Premium service has. A service of another stack or program is not known here and not judged. */
function requirePremium(world: World, { id, what }: { id: string; what: string }): void {
    const sku = world.resources.find(id)?.sku;
    if (!isPremium(sku)) {
        throw armError({
            status: 400,
            code: "BadRequest",
            message: `${what} is a feature of the Premium tier, and ${parseId(id).name} is of ${tierOf(sku)}`,
        });
    }
}

// Source: https://learn.microsoft.com/azure/azure-web-pubsub/howto-enable-geo-replication
const mostReplicas = 8;

const replicaRules: Rules = {
    faults: ({ sku }) => {
        if (!isObject(sku)) {
            return [];
        }
        const wrongTier = isPremium(sku) ? [] : [`sku.name is "${tierOf(sku)}": a replica is of a Premium tier`];
        return [...wrongTier, ...tierFaults(sku)];
    },
    async make({ world, id }) {
        const service = id.replace(/\/replicas\/[^/]+$/i, "");
        requirePremium(world, { id: service, what: "A replica" });
        const prefix = `${service}/replicas/`.toLowerCase();
        const others = world.resources.ids().filter((other) => other.startsWith(prefix) && other !== id.toLowerCase());
        if (others.length >= mostReplicas) {
            throw armError({
                status: 400,
                code: "BadRequest",
                message: `A service has ${mostReplicas} replicas at most`,
            });
        }
        return {};
    },
};

const mostRules = 10;

function profileFaults(profile: unknown, index: number): string[] {
    if (!isObject(profile)) {
        return [];
    }
    const { rules, capacity } = profile;
    const count = Array.isArray(rules) ? rules.length : 0;
    const tooMany =
        count > mostRules ? [`properties.profiles[${index}].rules has ${count}: ${mostRules} at most are allowed`] : [];
    const { minimum, maximum } = isObject(capacity) ? capacity : {};
    const wrongOrder =
        Number(minimum) > Number(maximum)
            ? [
                  `properties.profiles[${index}].capacity.minimum is ${minimum}: it must be at most ${maximum}, the maximum`,
              ]
            : [];
    return [...tooMany, ...wrongOrder];
}

const autoscaleRules: Rules = {
    faults: ({ profiles }) => (Array.isArray(profiles) ? profiles.flatMap(profileFaults) : []),
    async make({ world, inputs }: MakeContext) {
        const target = inputs.targetResourceUri === undefined ? "" : text(inputs, "targetResourceUri");
        if (/\/Microsoft\.SignalRService\//i.test(target)) {
            requirePremium(world, { id: target, what: "Autoscale" });
        }
        return {};
    },
};

/** By token, of the types that {@link recordedSpecs} names. */
export const scaleRules: ReadonlyMap<string, Rules> = new Map([
    ["azure-native:webpubsub:WebPubSubReplica", replicaRules],
    ["azure-native:signalrservice:SignalRReplica", replicaRules],
    ["azure-native:monitor:AutoscaleSetting", autoscaleRules],
]);
