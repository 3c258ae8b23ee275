import { howToGive, parseExport } from "../stackJson";
import { at, isObject, textAt, UsageError } from "../words";

/** A resource of which Pulumi knows only that its creation began. */
export interface PendingCreate {
    urn: string;
    type: string;
    name: string;
    inputs: Record<string, unknown>;
    parent?: string;
    /** URN of the provider, without its id. */
    provider?: string;
}

/** What an export tells about an update that did not end. */
export interface Interrupted {
    creates: PendingCreate[];
    /** Other operations that did not end, such as an update. A refresh or the next `up` settles them. */
    others: string[];
    /** Ids of the resources in the state, by URN; empty for a component. */
    known: Map<string, string>;
    /** URNs of resources that were deleted, for a replacement that did not end. */
    deleted: Set<string>;
    stackUrn: string;
    /** The subscription of the resources in the state, or of their provider; undefined when neither names one. */
    subscriptionId?: string;
}

/**
 * Reads `pulumi stack export`; undefined for a stack that has nothing yet, because its first update ended before it wrote anything.
 * Throws a `UsageError` for any other text.
 */
export function parseInterrupted(text: string): Interrupted | undefined {
    const deployment = at(parseExport(text), "deployment");
    const resources = at(deployment, "resources");
    if (resources === undefined && isObject(at(deployment, "manifest"))) {
        return undefined;
    }
    if (!Array.isArray(resources)) {
        throw new UsageError(`recover needs the output of \`pulumi stack export\`. ${howToGive}`);
    }
    const known = resources.filter(isObject);
    const operations = [at(deployment, "pending_operations") ?? []].flat().filter(isObject);
    const creating = operations.filter(({ type }) => type === "creating");
    const stackUrn = known.find(({ type }) => type === "pulumi:pulumi:Stack")?.urn;
    if (typeof stackUrn !== "string") {
        return undefined;
    }
    const subscriptionId = subscriptionOf(known);
    return {
        creates: creating.map(({ resource }) => pendingCreate(resource)),
        others: operations
            .filter(({ type }) => type !== "creating")
            .map(({ type, resource }) => `${String(type)} ${textAt(resource, "urn") ?? ""}`),
        known: new Map(
            known
                .filter((resource) => resource.delete !== true)
                .map(({ urn, id }) => [String(urn), typeof id === "string" ? id : ""]),
        ),
        deleted: new Set(known.filter((one) => one.pendingReplacement === true).map(({ urn }) => String(urn))),
        stackUrn,
        ...(subscriptionId !== undefined && { subscriptionId }),
    };
}

function pendingCreate(resource: unknown): PendingCreate {
    const urn = textAt(resource, "urn") ?? "";
    const inputs = at(resource, "inputs");
    const parent = textAt(resource, "parent");
    const provider = providerUrn(textAt(resource, "provider"));
    return {
        ...partsOf(urn),
        inputs: isObject(inputs) ? inputs : {},
        ...(parent !== undefined && { parent }),
        ...(provider !== undefined && { provider }),
    };
}

/** Type and name of a resource, which its URN ends with. Throws a `UsageError` for another text. */
export function partsOf(urn: string): { urn: string; type: string; name: string } {
    const match = /^urn:pulumi:[^:]+::[^:]+::(.+?)::(.+)$/s.exec(urn);
    if (match === null) {
        throw new UsageError(`${JSON.stringify(urn)} is not a URN, such as urn:pulumi:dev::project::type::name.`);
    }
    const [, types = "", name = ""] = match;
    return { urn, type: types.slice(types.lastIndexOf("$") + 1), name };
}

/** A reference to a provider is its URN followed by its id. */
function providerUrn(reference: string | undefined): string | undefined {
    const end = reference?.lastIndexOf("::") ?? -1;
    return end < 0 ? undefined : reference?.slice(0, end);
}

function subscriptionOf(resources: Record<string, unknown>[]): string | undefined {
    for (const { id } of resources) {
        const [, subscription] = /^\/subscriptions\/([^/]+)/i.exec(String(id)) ?? [];
        if (subscription !== undefined) {
            return subscription;
        }
    }
    // An update that was killed in its first resource left none, but its provider may name the subscription.
    const ofProviders = resources
        .filter(({ type }) => type === "pulumi:providers:azure-native")
        .map(({ inputs }) => textAt(inputs, "subscriptionId"));
    return ofProviders.find((subscription) => subscription !== undefined);
}
