import { readEndpoint } from "../service/connectionString";

export type EndpointType = "Primary" | "Secondary";

/** A service that an action goes to, of those that the app's settings name. */
export interface EndpointChoice {
    type: EndpointType;
    name: string | undefined;
    endpoint: string;
}

/** Reads a type by its name, whose case does not count, or by its number. */
export function readType(given: unknown): EndpointType | undefined {
    const text = String(given).trim().toLowerCase();
    if (text === "primary" || text === "0") {
        return "Primary";
    }
    return text === "secondary" || text === "1" ? "Secondary" : undefined;
}

/** Reads `endpoints`, each as `signalREndpoints` gives it. Source: ServiceEndpointJsonConverter.cs of the extension. */
export function readChoices(value: unknown): EndpointChoice[] | undefined {
    if (value === undefined || value === null) {
        return undefined;
    }
    if (!Array.isArray(value)) {
        throw refuse(value);
    }
    return value
        .filter((item: unknown) => item !== null)
        .map((item: unknown) => {
            const members = new Map(
                Object.entries(item ?? {}).map(([name, inner]) => [name.toLowerCase(), inner as unknown]),
            );
            const type = readType(members.get("endpointtype") ?? "Primary");
            const [name, endpoint] = ["name", "endpoint"].map((member) => members.get(member) ?? undefined);
            if (type === undefined || typeof endpoint !== "string" || !URL.canParse(endpoint)) {
                throw refuse(item);
            }
            return { type, name: name === undefined ? undefined : String(name), endpoint: readEndpoint({ endpoint }) };
        });
}

function refuse(value: unknown): Error {
    return new Error(
        `Unable to convert JObject to valid output binding type, check parameters. 'endpoints' must be a list of what signalREndpoints gives, not ${JSON.stringify(value)}.`,
    );
}
