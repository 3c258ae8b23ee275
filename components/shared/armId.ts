import { getClientConfigOutput } from "@pulumi/azure-native/authorization";
import * as pulumi from "@pulumi/pulumi";
import { lateError, type Rule, show } from "./checks";

/** The parts of an Azure Resource Manager id. */
export interface ArmId {
    subscriptionId: string;
    resourceGroupName: string;
    /** Provider and type: `Microsoft.Web/serverfarms`, `Microsoft.EventHub/namespaces/eventhubs`. */
    type: string;
    /** The resource's own name, the last part of the id. */
    name: string;
    /** Names of the resource and of those above it: `[namespace, event hub]`. */
    names: string[];
}

const start = /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/([^/]+)\/(.+)$/i;

/** Reads the id of a resource in a resource group; anything else is undefined. */
export function parseArmId(id: unknown): ArmId | undefined {
    const [, subscriptionId, resourceGroupName, provider, rest] = typeof id === "string" ? (start.exec(id) ?? []) : [];
    const parts = rest?.split("/") ?? [];
    if (!subscriptionId || !resourceGroupName || !provider || parts.length % 2 !== 0 || parts.includes("")) {
        return undefined;
    }
    const types = parts.filter((_, index) => index % 2 === 0);
    const names = parts.filter((_, index) => index % 2 === 1);
    return {
        subscriptionId,
        resourceGroupName,
        type: [provider, ...types].join("/"),
        name: names.at(-1) ?? "",
        names,
    };
}

/** A rule for the Azure Resource Manager id of one resource type; the type's letter case does not matter. */
export function armIdRule(type: string): Rule<string> {
    const [provider = "", ...types] = type.split("/");
    const example = types.map((part) => `${part}/<name>`).join("/");
    return (value) =>
        parseArmId(value)?.type.toLowerCase() === type.toLowerCase()
            ? undefined
            : `${show(value)} is not the id of a ${type}. Allowed: /subscriptions/<id>/resourceGroups/<group>/providers/${provider}/${example}.`;
}

/** The resource group in an id whose form is checked elsewhere. */
export function resourceGroupOf(id: pulumi.Input<string>): pulumi.Output<string> {
    return pulumi.output(id).apply((known) => parseArmId(known)?.resourceGroupName ?? "");
}

/** The full id of a built-in role, in the subscription that the scope lies in. */
export function roleDefinitionIdAt({ scope, role }: { scope: string; role: string }): string {
    const subscription = /^\/subscriptions\/[^/]+/i.exec(scope)?.[0] ?? "";
    return `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${role}`;
}

/** Where to look a resource up that exists already. */
export interface ExistingPlace {
    resourceGroupName: pulumi.Output<string>;
    name: pulumi.Output<string>;
    /** Every part of the id. */
    id: pulumi.Output<ArmId>;
}

/**
 * The place of a resource that exists already. A lookup works in the provider's subscription only, so an id in another one is
 * refused with the way out.
 */
export function placeOf(path: string, id: pulumi.Input<string>, opts: pulumi.InvokeOptions): ExistingPlace {
    const own = getClientConfigOutput({ parent: opts.parent ?? undefined }).subscriptionId;
    const place = pulumi.all([id, own]).apply(([known, subscriptionId]): ArmId => {
        const parsed = parseArmId(known);
        if (parsed === undefined) {
            throw lateError(`${path}: ${show(known)} is not an Azure Resource Manager id.`);
        }
        if (parsed.subscriptionId.toLowerCase() !== subscriptionId.toLowerCase()) {
            throw lateError(
                `${path}: the resource is in subscription ${parsed.subscriptionId}, and the provider looks in ${subscriptionId}. ` +
                    "Give the component a provider of that subscription (the option `providers`), or a resource in this one.",
            );
        }
        return parsed;
    });
    return {
        resourceGroupName: place.apply(({ resourceGroupName }) => resourceGroupName),
        name: place.apply(({ name }) => name),
        id: place,
    };
}
