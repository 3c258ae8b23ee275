import type { Step } from "../engine/events";

/** The short form of a type: `webpubsub:WebPubSub` for `azure-native:webpubsub:WebPubSub`, `random:RandomId` for `random:index/randomId:RandomId`. */
export function shortType(type: string): string {
    const [provider = "", module = "", name = ""] = type.split(":");
    const group = module.split("/")[0] ?? "";
    return provider === "azure-native" ? `${group}:${name}` : `${provider}:${name}`;
}

export function seconds(value: number): string {
    return `${value.toFixed(1)} s`;
}

/** Why a resource is not `unchanged`: a reason or the changed paths. */
export function because(step: Step): string {
    if (step.reason) {
        return step.reason;
    }
    if (step.changed.length === 0 || step.operation === "created") {
        return "";
    }
    const shown = step.changed.slice(0, 3).join(", ");
    return step.changed.length > 3 ? `${shown} and ${step.changed.length - 3} more` : shown;
}

/** Counts the resources without the components, such as `12 created, 1 updated, 20 unchanged`. */
export function summary(steps: Step[]): string {
    const order = ["created", "updated", "replaced", "deleted", "unchanged", "failed"] as const;
    const real = steps.filter((step) => step.custom);
    const counts = order.map((operation) => ({
        operation,
        count: real.filter((s) => s.operation === operation).length,
    }));
    const words = counts.filter(({ count }) => count > 0).map(({ operation, count }) => `${count} ${operation}`);
    return words.length > 0 ? words.join(", ") : "nothing to do";
}
