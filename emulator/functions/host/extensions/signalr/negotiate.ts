import { isValid, type Validity } from "../../../../core/clock";
import type { BindingInfo } from "../../worker/types";
import type { ExtensionHost } from "../extension";
import { clientEndpoint } from "../service/connectionString";
import { signToken } from "../service/dataPlane";
import type { SignalRConnection } from "./connection";
import { callService, hubSegment } from "./service";

/** What a client needs to connect: a URL, and a token that names its user. */
export interface ConnectionInfo {
    url: string;
    accessToken: string;
}

export type Negotiator = (request: {
    connection: SignalRConnection;
    hub: string;
    binding: BindingInfo;
}) => Promise<ConnectionInfo>;

interface SigningKey {
    accessKey: string;
    keyId?: string;
}

const clientTokenSeconds = 3600;
/** A key from the service is used for this long. Source: the vendor's SDK. */
const keyReuse = 55 * 60_000;
// Loaded on first use, because few apps take claims from a token.
const decode = (token: string) => (require("fast-jwt") as typeof import("fast-jwt")).createDecoder()(token);
/** Claims of the token itself. A custom claim of the same name gets a prefix. */
const reserved = ["aud", "exp", "iat", "nbf"];

/** Makes connection infos. With a managed identity, signs them with a key that it requests from the service. */
export function createNegotiator(host: ExtensionHost): Negotiator {
    const keys = new Map<string, SigningKey & Validity>();

    async function keyFor(connection: SignalRConnection): Promise<SigningKey> {
        if (connection.accessKey !== undefined) {
            return { accessKey: connection.accessKey };
        }
        const known = keys.get(connection.endpoint);
        const now = host.clock.now();
        if (known !== undefined && isValid(known, now)) {
            return known;
        }
        const call = { method: "GET", path: "/api/v1/auth/accessKey" } as const;
        const { text } = await callService({ connection, host, call });
        const { KeyId, AccessKey } = JSON.parse(text) as { KeyId: string; AccessKey: string };
        const key = { accessKey: AccessKey, keyId: KeyId, from: now, until: now + keyReuse };
        keys.set(connection.endpoint, key);
        return key;
    }

    return async ({ connection, hub, binding }) => {
        const path = `/client/?hub=${hubSegment(hub)}`;
        const { userId } = binding;
        const accessToken = await signToken({
            ...(await keyFor(connection)),
            audience: `${clientEndpoint(connection.endpoint)}${path}`,
            seconds: clientTokenSeconds,
            now: host.clock.now,
            claims: {
                ...(typeof userId === "string" && userId !== "" ? { "asrs.s.uid": userId } : {}),
                ...customClaims(binding),
            },
        });
        return { url: `${connection.clientEndpoint}${path}`, accessToken };
    };
}

/** A claim whose name changes becomes text. Source: BuildJwtClaims of AzureSignalRClient.cs of the extension. */
function textsOf(value: unknown): unknown {
    return Array.isArray(value) ? value.map(String) : String(value);
}

/** The claims of `idToken` that `claimTypeList` names. Does not verify the token, which is the app's task. */
function customClaims({ idToken, claimTypeList }: BindingInfo): Record<string, unknown> {
    if (typeof idToken !== "string" || !Array.isArray(claimTypeList) || claimTypeList.length === 0) {
        return {};
    }
    let claims: Record<string, unknown>;
    try {
        claims = decode(idToken);
    } catch {
        throw new Error("The binding's idToken is not a JWT. Give the bare token, without 'Bearer'.");
    }
    return Object.fromEntries(
        Object.entries(claims)
            .filter(([name]) => claimTypeList.includes(name))
            .map(([name, value]) => (reserved.includes(name) ? [`asrs.u.${name}`, textsOf(value)] : [name, value])),
    );
}
